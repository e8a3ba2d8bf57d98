import { useQuery } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import type { ResultView } from '#src/api/views.ts';
import { useFullScreen } from '#src/ui/browser/use-full-screen.ts';
import { useIdle } from '#src/ui/browser/use-idle.ts';
import { useStored } from '#src/ui/browser/use-stored.ts';
import { join } from '#src/ui/join.ts';
import { notify, notifyFailure } from '#src/ui/toasts/notify.ts';
import { failureOf } from '../api-client/failure.ts';
import { RenameDialog } from '../results/actions/rename-dialog.tsx';
import { useResultActions } from '../results/actions/use-result-actions.ts';
import { useNeighbours } from '../results/cache/use-neighbours.ts';
import { Control } from './control.tsx';
import { dragResult } from './drag-result.ts';
import { FileNotes } from './file-notes.tsx';
import { Filmstrip } from './filmstrip.tsx';
import { FullPage } from './full-page.tsx';
import { MarkBar } from './mark-bar.tsx';
import { Media } from './media.tsx';
import { ParametersPanel } from './parameters/parameters-panel.tsx';
import { useDetail } from './parameters/use-detail.ts';
import { frameRateQuery } from './playback/film.tsx';
import { TransportBar } from './playback/transport-bar.tsx';
import { useTransport } from './playback/use-transport.ts';
import { useBackground } from './use-background.ts';
import { useLocked } from './use-locked.ts';
import { useTakes } from './use-takes.ts';
import { useViewerKeys } from './use-viewer-keys.ts';
import { ViewerTools } from './viewer-tools.tsx';
import type { StageControls } from './zoom/stage.tsx';
import type { Lens } from './zoom/zoom.ts';

/** The same for somebody else's as for one that never was: which ids exist is nobody's business. */
const HIDDEN = 'This result does not exist, or it belongs to someone else. Classmates can share theirs on the wall.';
const NOTHING = { kind: 'other', url: '' } as const;

type ViewerProps = {
  id: string;
  onGo: (id: string) => void;
  onCompare: (ids: readonly string[]) => void;
  onClose: () => void;
};

/** One result, edge to edge. */
export function Viewer({ id, onGo, onCompare, onClose }: ViewerProps) {
  const { result: listed, newer, older } = useNeighbours(id);
  const { detail, error, workflow } = useDetail(id, listed);
  const result = listed ?? detail?.result;
  const apply = useResultActions();
  const locked = useLocked(detail);
  const takes = useTakes();
  const fps = useQuery(frameRateQuery(result ?? NOTHING)).data ?? null;
  const transport = useTransport();
  const [panel, setPanel] = useStored('comfyume.viewer-panel', 'closed');
  // A phone has little room below a picture.
  const [strip, setStrip] = useStored('comfyume.viewer-filmstrip', window.innerWidth < 640 ? 'closed' : 'open');
  const [renaming, setRenaming] = useState(false);
  const background = useBackground();
  const screen = useFullScreen();
  const stage = useRef<StageControls>(null);
  const idle = useIdle(2500);
  // The zoom belongs to one result and is reset with the next.
  const [{ of, lens }, setLens] = useState<{ of: string; lens: Lens | null }>({ of: id, lens: null });

  useEffect(() => {
    for (const next of [newer, older]) if (next?.kind === 'image') new Image().src = next.url;
  }, [newer, older]);

  const go = (to: ResultView | undefined): void => {
    if (to) onGo(to.id);
  };
  const moveToTrash = (): void => {
    if (!result) return;
    apply([result.id], result.removedAt === null ? 'trash' : 'restore');
    if (result.removedAt !== null) return;
    const next = older ?? newer;
    if (next) onGo(next.id);
    else onClose();
  };
  const compare = (): void => {
    if (!result) return;
    takes(result, [older, newer]).then(
      (ids) => (ids.length > 1 ? onCompare(ids) : notify('There is no other result of this kind to compare with.')),
      (failure) => notifyFailure(failureOf(failure).sentence),
    );
  };
  const startDrag = (event: DragEvent): void => {
    if (result) dragResult(event.dataTransfer, result, workflow, window.location.href);
  };
  const togglePanel = (): void => setPanel(panel === 'open' ? 'closed' : 'open');
  const toggleStrip = (): void => setStrip(strip === 'open' ? 'closed' : 'open');
  const rename = (): void => setRenaming(true);
  useViewerKeys({
    result,
    stage,
    transport,
    fps,
    newer: () => go(newer),
    older: () => go(older),
    panel: togglePanel,
    filmstrip: toggleStrip,
    rename,
    background: background.next,
    fullScreen: screen.toggle,
    plays: result?.kind === 'video' || result?.kind === 'audio',
    moveToTrash,
    compare,
    locked,
  });
  const fades = join(
    'scheme-dark transition-opacity focus-within:opacity-100',
    idle && 'opacity-0 pointer-coarse:opacity-100',
  );

  return (
    <FullPage from={id} onClose={onClose} className="sm:flex-row">
      <Dialog.Title className="sr-only">{result?.filename ?? 'Result'}</Dialog.Title>
      <div className="flex min-h-0 min-w-0 grow flex-col">
        <div className={join('relative min-h-0 grow', background.className)}>
          {result && (
            <Media
              key={result.id}
              result={result}
              transport={transport}
              lens={[
                of === id ? lens : null,
                (change) => setLens((before) => ({ of: id, lens: change(before.of === id ? before.lens : null) })),
              ]}
              controls={stage}
              onSwipe={(way) => go(way === 1 ? older : newer)}
              onReady={() => {
                if (!window.matchMedia('(prefers-reduced-motion: reduce)').matches) transport.play();
              }}
              onDragStart={startDrag}
            />
          )}
          {!result && error !== null && (
            <p role="alert" className="absolute inset-0 flex items-center justify-center p-4">
              <span className="rounded bg-panel px-3 py-2 text-15">
                {failureOf(error).code === 'not_found' ? HIDDEN : failureOf(error).sentence}
              </span>
            </p>
          )}
          <div className={fades}>
            <ViewerTools
              result={result}
              stage={stage}
              background={background}
              screen={screen}
              panelShown={panel === 'open'}
              onPanel={togglePanel}
              stripShown={strip === 'open'}
              onStrip={toggleStrip}
              onCompare={locked === null ? compare : null}
              onClose={onClose}
            />
            {newer && (
              <Control
                icon={ChevronLeft}
                label="Newer"
                onClick={() => go(newer)}
                className="absolute top-1/2 left-2 -mt-5 max-sm:top-auto max-sm:bottom-28"
              />
            )}
            {older && (
              <Control
                icon={ChevronRight}
                label="Older"
                onClick={() => go(older)}
                className="absolute top-1/2 right-2 -mt-5 max-sm:top-auto max-sm:bottom-28"
              />
            )}
            {result && <FileNotes result={result} expiresAt={detail?.expiresAt ?? null} />}
            {result && locked === null && (
              <MarkBar result={result} onMoveToTrash={moveToTrash} className="absolute bottom-2 left-2" />
            )}
            {locked !== null && (
              <p className="absolute right-2 bottom-2 left-2 mx-auto w-fit rounded bg-black/60 px-3 py-2 text-white">
                {locked}
              </p>
            )}
          </div>
        </div>
        {result?.kind === 'video' && <TransportBar name="Film" transport={transport} fps={fps} />}
        {strip === 'open' && <Filmstrip id={id} onGo={onGo} />}
      </div>
      {panel === 'open' && (
        <aside
          aria-label="Parameters"
          className="max-h-[45dvh] w-full shrink-0 overflow-y-auto border-line bg-panel p-4 max-sm:border-t sm:max-h-none sm:w-80 sm:border-l"
        >
          {detail ? (
            <ParametersPanel
              detail={detail}
              isLocked={locked !== null}
              onGo={onGo}
              onDragStart={startDrag}
              onRename={rename}
            />
          ) : (
            <p className="text-quiet">{error === null ? 'Loading parameters' : failureOf(error).sentence}</p>
          )}
        </aside>
      )}
      {renaming && result && <RenameDialog result={result} onClose={() => setRenaming(false)} />}
    </FullPage>
  );
}
