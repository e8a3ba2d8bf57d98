import type { RefObject } from 'react';
import type { ResultView } from '#src/api/views.ts';
import { useKeys } from '#src/ui/use-keys.ts';
import { useJudge } from '../results/use-judge.ts';
import type { StageControls } from './stage.tsx';
import type { Transport } from './transport.ts';
import { transportKeys } from './use-transport.ts';

type ViewerKeys = {
  result: ResultView | undefined;
  stage: RefObject<StageControls | null>;
  transport: Transport;
  fps: number | null;
  /** Whether there is anything for the transport to move. */
  plays: boolean;
  newer: () => void;
  older: () => void;
  panel: () => void;
  surround: () => void;
  fullScreen: (() => void) | null;
  trash: () => void;
  compare: () => void;
};

const PAN = 80;

/** The keys of what is shown large: those of the grid, and those of looking closely and playing. */
export function useViewerKeys(keys: ViewerKeys): void {
  const { result, stage, transport, fps, fullScreen } = keys;
  const judge = useJudge();
  const ofResult = (one: ResultView): Record<string, () => void> => ({
    f: () => judge([one.id], 'favourite'),
    x: () => judge([one.id], 'reject'),
    ...Object.fromEntries([0, 1, 2, 3, 4, 5].map((stars) => [String(stars), () => judge([one.id], { stars })])),
    delete: keys.trash,
    backspace: keys.trash,
    c: keys.compare,
    d: () => judge([one.id], 'download'),
    w: () => judge([one.id], 'wall'),
  });
  useKeys(
    {
      arrowleft: keys.newer,
      arrowright: keys.older,
      'shift+arrowleft': () => stage.current?.pan(PAN, 0),
      'shift+arrowright': () => stage.current?.pan(-PAN, 0),
      'shift+arrowup': () => stage.current?.pan(0, PAN),
      'shift+arrowdown': () => stage.current?.pan(0, -PAN),
      i: keys.panel,
      b: keys.surround,
      z: () => stage.current?.toggle(),
      '+': () => stage.current?.zoomBy(1.25),
      '=': () => stage.current?.zoomBy(1.25),
      '-': () => stage.current?.zoomBy(0.8),
      ...(fullScreen && { 'shift+f': fullScreen }),
      ...(result && ofResult(result)),
      ...(keys.plays && transportKeys(transport, fps)),
    },
    { inDialog: true },
  );
}
