import type { RefObject } from 'react';
import type { ResultView } from '#src/api/views.ts';
import { useKeys } from '#src/ui/browser/use-keys.ts';
import { useResultActions } from '../results/actions/use-result-actions.ts';
import type { Transport } from './playback/transport.ts';
import { transportKeys } from './playback/use-transport.ts';
import type { StageControls } from './zoom/stage.tsx';

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
  background: () => void;
  fullScreen: (() => void) | null;
  moveToTrash: () => void;
  compare: () => void;
};

const PAN = 80;

/** The shortcuts of the viewer: those of the grid, plus zoom and playback. */
export function useViewerKeys(keys: ViewerKeys): void {
  const { result, stage, transport, fps, fullScreen } = keys;
  const apply = useResultActions();
  const ofResult = (one: ResultView): Record<string, () => void> => ({
    f: () => apply([one.id], 'favourite'),
    x: () => apply([one.id], 'reject'),
    ...Object.fromEntries([0, 1, 2, 3, 4, 5].map((stars) => [String(stars), () => apply([one.id], { stars })])),
    delete: keys.moveToTrash,
    backspace: keys.moveToTrash,
    c: keys.compare,
    d: () => apply([one.id], 'download'),
    w: () => apply([one.id], 'wall'),
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
      b: keys.background,
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
