import { useQuery } from '@tanstack/react-query';
import { CheckSquare, Download, Layers } from 'lucide-react';
import dynamic from 'next/dynamic';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { useStored } from '#src/ui/browser/use-stored.ts';
import { Button, IconButton } from '#src/ui/buttons/button.tsx';
import { join } from '#src/ui/join.ts';
import { loadPart } from '#src/ui/loading/load-part.ts';
import { useSelection } from '#src/ui/tables/use-selection.ts';
import { failureOf } from '../../api-client/failure.ts';
import { useTRPC } from '../../api-client/trpc.ts';
import { useGallery, useList } from '../cache/gallery.ts';
import { useShownFilter } from '../cache/use-shown-filter.ts';
import { openDownloadDialog } from '../downloads/open-dialog.ts';
import { archived, filterKey, isNarrowed, toQuery } from '../filters/filter.ts';
import { GridSkeleton } from './grid-skeleton.tsx';

const loadGrid = () => loadPart(() => import('./result-grid.tsx')).then((file) => file.ResultGrid);
const ResultGrid = dynamic(loadGrid, { ssr: false, loading: GridSkeleton });
const loadFilterBar = () => loadPart(() => import('../filters/filter-bar.tsx')).then((file) => file.FilterBar);
const FilterBar = dynamic(loadFilterBar, { ssr: false, loading: () => <div className="h-8 pointer-coarse:h-10" /> });
const NothingFound = dynamic(
  () => loadPart(() => import('../filters/nothing-found.tsx')).then((file) => file.NothingFound),
  { ssr: false },
);

type ResultsSectionProps = {
  /** The result that is open in the viewer. */
  openId: string | null;
  onOpen: (id: string) => void;
  onCompare: (ids: readonly string[]) => void;
  empty: ReactNode;
};

/** All results by day and job, with filters, actions and selection. */
export function ResultsSection({ openId, onOpen, onCompare, empty }: ResultsSectionProps) {
  const trpc = useTRPC();
  const gallery = useGallery();
  const { filter, shown: searched, asking } = useShownFilter();
  const selection = useSelection();
  const [height, setHeight] = useStored('comfyume.picture-size', '220');
  const [stacked, setStacked] = useStored('comfyume.stack-takes', 'yes');
  const count = useQuery(
    trpc.results.count.queryOptions(toQuery(searched), { placeholderData: (before) => before }),
  ).data;

  const wanted = gallery.list(searched);
  const wantedState = useList(wanted);
  const [shown, setShown] = useState(wanted);
  // While another list is read for the first time, the one before stays: nothing jumps while typing.
  if (shown !== wanted && wantedState.status !== 'pending') setShown(wanted);
  const list = shown.state().status === 'ready' ? shown : wanted;
  const state = useList(list);

  // Beside the first reading of results, not after it. A failure here shows when it is rendered.
  useEffect(() => void Promise.all([loadGrid(), loadFilterBar()]).catch(() => undefined), []);

  const { clear } = selection;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was selected among others is not in sight any more
  useEffect(() => {
    clear();
  }, [list]);

  const read = useCallback((): void => void list.more(), [list]);
  const nothing = state.status === 'ready' && state.pages.every(({ entries }) => entries.length === 0);
  const together = stacked === 'yes';
  const narrowed = isNarrowed(filter);
  return (
    <section aria-labelledby="results" className="flex flex-col gap-3">
      <div className="flex min-h-8 items-center gap-2">
        <h2 id="results" className="text-20 font-semibold whitespace-nowrap">
          Results
        </h2>
        <p role="status" className="mr-auto pt-1 whitespace-nowrap text-quiet tabular-nums">
          {count !== undefined &&
            (narrowed || count > 0) &&
            `${count.toLocaleString('en-GB')} ${narrowed ? 'found' : count === 1 ? 'result' : 'results'}`}
        </p>
        {!nothing && (
          <>
            <IconButton
              icon={CheckSquare}
              label="Select results"
              aria-pressed={selection.selecting}
              onClick={selection.selecting ? selection.clear : selection.begin}
              className="aria-pressed:text-accent"
            />
            <IconButton
              icon={Layers}
              label="Stack the takes of a job"
              aria-pressed={together}
              onClick={() => setStacked(together ? 'no' : 'yes')}
              className="aria-pressed:text-accent"
            />
            <input
              type="range"
              aria-label="Picture size"
              min={120}
              max={400}
              step={20}
              value={height}
              onChange={(event) => setHeight(event.target.value)}
              className="h-8 w-32 accent-text max-sm:hidden pointer-coarse:h-10"
            />
          </>
        )}
      </div>
      {(narrowed || !nothing) && (
        <div className="flex items-start gap-2">
          <div className="min-w-0 grow">
            <FilterBar filter={filter} />
          </div>
          <Button icon={Download} onClick={() => openDownloadDialog({ selected: [], filter: archived(searched) })}>
            Download all
          </Button>
        </div>
      )}
      {searched !== filter && (
        <p role="status" className="text-15">
          No results for “{filter.words.trim()}”. Showing “{searched.words}”.
        </p>
      )}
      {filter.removed && (
        <p className="text-quiet">
          Results in the trash can be restored for one day. Then they are permanently deleted.
        </p>
      )}
      {state.status === 'pending' && <GridSkeleton />}
      {state.error !== null && (
        <div role="alert" className="flex flex-wrap items-center gap-3">
          <p>{failureOf(state.error).sentence}</p>
          <Button onClick={read}>Try again</Button>
        </div>
      )}
      {nothing && !asking && (narrowed ? <NothingFound filter={filter} /> : empty)}
      {state.status === 'ready' && !nothing && (
        <div aria-busy={list !== wanted} className={join('transition-opacity', list !== wanted && 'opacity-60')}>
          <ResultGrid
            key={filterKey(list.filter)}
            gallery={gallery}
            list={list}
            selection={selection}
            together={together}
            height={Number(height)}
            openId={openId}
            onOpen={onOpen}
            onCompare={onCompare}
          />
        </div>
      )}
      {state.status === 'ready' && state.hasMore && state.error === null && (
        <Button tone="quiet" className="self-center" disabled={state.reading} onClick={read}>
          {state.reading ? 'Loading older results' : 'Show older results'}
        </Button>
      )}
    </section>
  );
}
