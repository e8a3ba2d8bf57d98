import type { RefObject } from 'react';
import type { ResultView } from '#src/api/views.ts';
import { useKeys } from '#src/ui/browser/use-keys.ts';
import { notify } from '#src/ui/toasts/notify.ts';
import { useResultActions } from '../results/actions/use-result-actions.ts';
import { downloadUrl } from '../results/downloads/download-url.ts';
import { useGrabFrame } from './playback/grab-frame.ts';
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
  /** Null where there is none. */
  filmstrip: (() => void) | null;
  rename: (() => void) | null;
  background: () => void;
  fullScreen: (() => void) | null;
  moveToTrash: () => void;
  compare: () => void;
  /** Why the person who looks at it can change nothing; null = it is their own. */
  locked: string | null;
};

const PAN = 80;

/** The shortcuts of the viewer: those of the grid, plus zoom and playback. */
export function useViewerKeys(keys: ViewerKeys): void {
  const { result, stage, transport, fps, fullScreen, locked } = keys;
  const apply = useResultActions();
  const grabFrame = useGrabFrame();
  const ofResult = (one: ResultView): Record<string, () => void> => ({
    f: () => apply([one.id], 'favourite'),
    x: () => apply([one.id], 'reject'),
    ...Object.fromEntries([0, 1, 2, 3, 4, 5].map((stars) => [String(stars), () => apply([one.id], { stars })])),
    delete: keys.moveToTrash,
    backspace: keys.moveToTrash,
    c: keys.compare,
    d: () => apply([one.id], 'download'),
    w: () => apply([one.id], 'wall'),
    e: () => apply([one.id], 'edit'),
    n: () => apply([one.id], 'newSeed'),
    v: () => apply([one.id], 'vary'),
    'shift+r': () => apply([one.id], 'again'),
    ...(keys.rename && { f2: keys.rename }),
    u: () => apply([one.id], 'input'),
    ...(one.kind === 'video' && { g: () => void grabFrame(one) }),
  });
  const sayWhy = (why: string) => (): void => notify(why, undefined, 'result-action');
  const ofOthers = (one: ResultView, why: string): Record<string, () => void> => ({
    ...Object.fromEntries(Object.keys(ofResult(one)).map((key) => [key, sayWhy(why)])),
    d: () => window.location.assign(downloadUrl(one)),
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
      ...(keys.filmstrip && { t: keys.filmstrip }),
      b: keys.background,
      z: () => stage.current?.toggle(),
      '+': () => stage.current?.zoomBy(1.25),
      '=': () => stage.current?.zoomBy(1.25),
      '-': () => stage.current?.zoomBy(0.8),
      ...(fullScreen && { 'shift+f': fullScreen }),
      ...(result && (locked === null ? ofResult(result) : ofOthers(result, locked))),
      ...(keys.plays && transportKeys(transport, fps)),
    },
    { inDialog: true },
  );
}
