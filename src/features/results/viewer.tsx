import { useQuery } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight, Contrast, Download, Info, type LucideIcon, Maximize, X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { type ComponentProps, useEffect, useRef } from 'react';
import type { ResultView } from '#src/api/views.ts';
import { join } from '#src/ui/join.ts';
import { useKeys } from '#src/ui/use-keys.ts';
import { useStored } from '#src/ui/use-stored.ts';
import { failureOf } from '../server/failure.ts';
import { useTRPC } from '../server/trpc.ts';
import { MadeWithPanel } from './made-with-panel.tsx';
import { Media } from './media.tsx';
import type { StageControls } from './picture-stage.tsx';
import { useResults } from './results-cache.ts';
import { downloadUrl, tileId } from './tile.tsx';
import { useIdle } from './use-idle.ts';

const SURROUNDS = [
  { name: 'black', look: 'bg-black' },
  { name: '18 % grey', look: 'bg-[#777777]' },
  { name: 'white', look: 'bg-white' },
] as const;

type ViewerProps = { id: string; onGo: (id: string) => void; onClose: () => void };

/** One result, edge to edge. */
export function Viewer({ id, onGo, onClose }: ViewerProps) {
  const trpc = useTRPC();
  const results = useResults();
  const detail = useQuery(trpc.results.get.queryOptions({ id }));
  const list = results.data?.pages.flatMap((page) => page.items) ?? [];
  const index = list.findIndex((each) => each.id === id);
  const result = list[index] ?? detail.data?.result;
  const newer = index > 0 ? list[index - 1] : undefined;
  const older = index >= 0 ? list[index + 1] : undefined;

  const { hasNextPage, isFetchingNextPage, fetchNextPage } = results;
  useEffect(() => {
    if (index >= list.length - 3 && index >= 0 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [index, list.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  useEffect(() => {
    for (const next of [newer, older]) if (next?.kind === 'image') new Image().src = next.url;
  }, [newer, older]);

  const [panel, setPanel] = useStored('comfyume.viewer-panel', 'closed');
  const [surround, setSurround] = useStored('comfyume.viewer-surround', '0');
  const ground = SURROUNDS[Number(surround)] ?? SURROUNDS[0];
  const content = useRef<HTMLDivElement>(null);
  const stage = useRef<StageControls>(null);
  const film = useRef<HTMLVideoElement>(null);
  const idle = useIdle(2500);

  const go = (to: ResultView | undefined): void => {
    if (to) onGo(to.id);
  };
  const togglePanel = (): void => setPanel(panel === 'open' ? 'closed' : 'open');
  const nextSurround = (): void => setSurround(String((SURROUNDS.indexOf(ground) + 1) % SURROUNDS.length));
  const playOrPause = (): void => {
    if (film.current?.paused) void film.current.play();
    else film.current?.pause();
  };
  useKeys(
    {
      arrowleft: () => go(newer),
      arrowright: () => go(older),
      i: togglePanel,
      b: nextSurround,
      z: () => stage.current?.toggle(),
      '+': () => stage.current?.zoomBy(1.25),
      '=': () => stage.current?.zoomBy(1.25),
      '-': () => stage.current?.zoomBy(0.8),
      d: () => result && window.location.assign(downloadUrl(result)),
      ...(result?.kind === 'video' ? { ' ': playOrPause } : {}),
    },
    { inDialog: true },
  );

  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Content
          ref={content}
          aria-describedby={undefined}
          onOpenAutoFocus={(event) => {
            // The first key press is for the picture, not for the first button.
            event.preventDefault();
            content.current?.focus();
          }}
          onCloseAutoFocus={() => document.getElementById(tileId(id))?.focus()}
          className="fixed inset-0 z-40 flex animate-arrive flex-col bg-page outline-none sm:flex-row"
        >
          <Dialog.Title className="sr-only">{result?.filename ?? 'Result'}</Dialog.Title>
          <div className={join('relative min-h-0 min-w-0 grow', ground.look)}>
            {result && <Media key={result.id} result={result} stage={stage} film={film} />}
            {!result && detail.isError && (
              <p role="alert" className="absolute inset-0 flex items-center justify-center p-4">
                <span className="rounded bg-panel px-3 py-2 text-15">
                  {failureOf(detail.error).code === 'not_found'
                    ? 'This result is not here any more.'
                    : failureOf(detail.error).sentence}
                </span>
              </p>
            )}
            <div
              className={join(
                'transition-opacity focus-within:opacity-100',
                idle && 'opacity-0 pointer-coarse:opacity-100',
              )}
            >
              <div className="absolute top-2 right-2 flex gap-1">
                {result?.kind === 'image' && (
                  <Control icon={Maximize} label="Real pixels (Z)" onClick={() => stage.current?.toggle()} />
                )}
                <Control icon={Contrast} label={`Surround: ${ground.name} (B)`} onClick={nextSurround} />
                {result && (
                  <a href={downloadUrl(result)} download aria-label="Download" title="Download (D)" className={CONTROL}>
                    <Download size={20} aria-hidden />
                  </a>
                )}
                <Control icon={Info} label="Made with (I)" aria-expanded={panel === 'open'} onClick={togglePanel} />
                <Control icon={X} label="Close" onClick={onClose} />
              </div>
              {newer && (
                <Control
                  icon={ChevronLeft}
                  label="Newer"
                  onClick={() => go(newer)}
                  className="absolute top-1/2 left-2 -mt-5"
                />
              )}
              {older && (
                <Control
                  icon={ChevronRight}
                  label="Older"
                  onClick={() => go(older)}
                  className="absolute top-1/2 right-2 -mt-5"
                />
              )}
            </div>
          </div>
          {panel === 'open' && (
            <aside
              aria-label="Made with"
              className="max-h-[45dvh] w-full shrink-0 overflow-y-auto border-line bg-panel p-4 max-sm:border-t sm:max-h-none sm:w-80 sm:border-l"
            >
              {detail.data ? (
                <MadeWithPanel detail={detail.data} />
              ) : (
                <p className="text-quiet">
                  {detail.isError ? failureOf(detail.error).sentence : 'Reading how it was made'}
                </p>
              )}
            </aside>
          )}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

const CONTROL =
  'inline-flex size-10 items-center justify-center rounded bg-black/60 text-white transition-[background-color] hover:bg-black/85';

function Control({
  icon: Icon,
  label,
  className,
  ...rest
}: ComponentProps<'button'> & { icon: LucideIcon; label: string }) {
  return (
    <button type="button" aria-label={label} title={label} className={join(CONTROL, className)} {...rest}>
      <Icon size={20} aria-hidden />
    </button>
  );
}
