import { useQuery, useQueryClient } from '@tanstack/react-query';
import {
  ChevronLeft,
  ChevronRight,
  Columns2,
  Contrast,
  Download,
  Info,
  Maximize,
  Minimize,
  X,
  ZoomIn,
} from 'lucide-react';
import { Dialog } from 'radix-ui';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import type { ResultView } from '#src/api/views.ts';
import { join } from '#src/ui/join.ts';
import { notify, notifyFailure } from '#src/ui/notify.ts';
import { useStored } from '#src/ui/use-stored.ts';
import { downloadUrl } from '../results/download-url.ts';
import { useJudge } from '../results/use-judge.ts';
import { useNeighbours } from '../results/use-neighbours.ts';
import { failureOf } from '../server/failure.ts';
import { useTRPC } from '../server/trpc.ts';
import { carry } from './carry.ts';
import { CONTROL, Control } from './control.tsx';
import { FileState } from './file-state.tsx';
import { frameRateQuery } from './film.tsx';
import { FullPage } from './full-page.tsx';
import { MadeWithPanel } from './made-with-panel.tsx';
import { MarkBar } from './mark-bar.tsx';
import { isTurnable, Media } from './media.tsx';
import type { StageControls } from './stage.tsx';
import { useSurround } from './surround.ts';
import { TransportBar } from './transport-bar.tsx';
import { useDetail } from './use-detail.ts';
import { useFullScreen } from './use-full-screen.ts';
import { useIdle } from './use-idle.ts';
import { useTransport } from './use-transport.ts';
import { useViewerKeys } from './use-viewer-keys.ts';
import type { Lens } from './zoom.ts';

const NOTHING = { kind: 'other', url: '' } as const;
const MAX_TAKES = 4;

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
  const judge = useJudge();
  const takes = useTakes();
  const fps = useQuery(frameRateQuery(result ?? NOTHING)).data ?? null;
  const transport = useTransport();
  const [panel, setPanel] = useStored('comfyume.viewer-panel', 'closed');
  const surround = useSurround();
  const screen = useFullScreen();
  const stage = useRef<StageControls>(null);
  const idle = useIdle(2500);
  // A picture keeps its zoom only as long as it is looked at.
  const [{ of, lens }, setLens] = useState<{ of: string; lens: Lens | null }>({ of: id, lens: null });

  useEffect(() => {
    for (const next of [newer, older]) if (next?.kind === 'image') new Image().src = next.url;
  }, [newer, older]);

  const go = (to: ResultView | undefined): void => {
    if (to) onGo(to.id);
  };
  const trash = (): void => {
    if (!result) return;
    judge([result.id], result.removedAt === null ? 'put away' : 'bring back');
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
  const carryOut = (event: DragEvent): void => {
    if (result) carry(event.dataTransfer, result, workflow, window.location.href);
  };
  const togglePanel = (): void => setPanel(panel === 'open' ? 'closed' : 'open');
  useViewerKeys({
    result,
    stage,
    transport,
    fps,
    newer: () => go(newer),
    older: () => go(older),
    panel: togglePanel,
    surround: surround.next,
    fullScreen: screen.toggle,
    plays: result?.kind === 'video' || result?.kind === 'audio',
    trash,
    compare,
  });
  const fades = join(
    'scheme-dark transition-opacity focus-within:opacity-100',
    idle && 'opacity-0 pointer-coarse:opacity-100',
  );

  return (
    <FullPage from={id} onClose={onClose} className="sm:flex-row">
      <Dialog.Title className="sr-only">{result?.filename ?? 'Result'}</Dialog.Title>
      <div className="flex min-h-0 min-w-0 grow flex-col">
        <div className={join('relative min-h-0 grow', surround.look)}>
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
              onDragStart={carryOut}
            />
          )}
          {!result && error !== null && (
            <p role="alert" className="absolute inset-0 flex items-center justify-center p-4">
              <span className="rounded bg-panel px-3 py-2 text-15">
                {failureOf(error).code === 'not_found' ? 'This result no longer exists.' : failureOf(error).sentence}
              </span>
            </p>
          )}
          <div className={fades}>
            <div className="absolute top-2 right-2 left-2 flex flex-wrap justify-end gap-1">
              {result && (result.kind === 'image' || result.kind === 'video') && (
                <Control icon={ZoomIn} label="100% (Z)" onClick={() => stage.current?.toggle()} />
              )}
              {result && isTurnable(result) && (
                <Control icon={ZoomIn} label="Fit (Z)" onClick={() => stage.current?.toggle()} />
              )}
              <Control icon={Contrast} label={`Background: ${surround.name} (B)`} onClick={surround.next} />
              {result && <Control icon={Columns2} label="Compare with other takes (C)" onClick={compare} />}
              {result && (
                <a href={downloadUrl(result)} download aria-label="Download" title="Download (D)" className={CONTROL}>
                  <Download size={20} aria-hidden />
                </a>
              )}
              <Control icon={Info} label="Parameters (I)" aria-expanded={panel === 'open'} onClick={togglePanel} />
              {screen.toggle && (
                <Control
                  icon={screen.on ? Minimize : Maximize}
                  label={screen.on ? 'Leave full screen (Shift+F)' : 'Full screen (Shift+F)'}
                  onClick={screen.toggle}
                />
              )}
              <Control icon={X} label="Close" onClick={onClose} />
            </div>
            {newer && (
              <Control
                icon={ChevronLeft}
                label="Newer"
                onClick={() => go(newer)}
                className="absolute top-1/2 left-2 -mt-5 max-sm:top-auto max-sm:bottom-14"
              />
            )}
            {older && (
              <Control
                icon={ChevronRight}
                label="Older"
                onClick={() => go(older)}
                className="absolute top-1/2 right-2 -mt-5 max-sm:top-auto max-sm:bottom-14"
              />
            )}
            {result && <FileState result={result} expiresAt={detail?.expiresAt ?? null} />}
            {result && <MarkBar result={result} onTrash={trash} className="absolute bottom-2 left-2" />}
          </div>
        </div>
        {result?.kind === 'video' && <TransportBar name="Film" transport={transport} fps={fps} />}
      </div>
      {panel === 'open' && (
        <aside
          aria-label="Parameters"
          className="max-h-[45dvh] w-full shrink-0 overflow-y-auto border-line bg-panel p-4 max-sm:border-t sm:max-h-none sm:w-80 sm:border-l"
        >
          {detail ? (
            <MadeWithPanel detail={detail} onCarry={carryOut} />
          ) : (
            <p className="text-quiet">{error === null ? 'Loading parameters' : failureOf(error).sentence}</p>
          )}
        </aside>
      )}
    </FullPage>
  );
}

/** Finds what a result is best compared with: the other takes of its job, else what is beside it, of the same kind. */
function useTakes() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return async (result: ResultView, beside: readonly (ResultView | undefined)[]): Promise<string[]> => {
    const query = {
      jobId: result.jobId,
      kind: result.kind,
      limit: 60,
      ...(result.preview && { previews: true as const }),
    };
    const { items } = await queryClient.fetchQuery(trpc.results.list.queryOptions(query));
    const others = items.filter((take) => take.id !== result.id);
    const near = beside.filter((next) => next !== undefined).filter((next) => next.kind === result.kind);
    const chosen = others.length > 0 ? others.slice(0, MAX_TAKES - 1) : near.slice(0, 1);
    return [result.id, ...chosen.map((take) => take.id)];
  };
}
