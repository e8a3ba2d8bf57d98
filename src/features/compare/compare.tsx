import { useQueries } from '@tanstack/react-query';
import { Columns2, Contrast, Maximize, Minimize, SquareSplitHorizontal, Table2, X, ZoomIn } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { type ComponentProps, useRef, useState } from 'react';
import type { ResultView } from '#src/api/views.ts';
import { useFullScreen } from '#src/ui/browser/use-full-screen.ts';
import { useKeys } from '#src/ui/browser/use-keys.ts';
import { useStored } from '#src/ui/browser/use-stored.ts';
import { IconButton } from '#src/ui/buttons/button.tsx';
import { join } from '#src/ui/join.ts';
import { failureOf } from '../api-client/failure.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { useResultActions } from '../results/actions/use-result-actions.ts';
import { useGallery, useStoreVersion } from '../results/cache/gallery.ts';
import { FullPage } from '../viewer/full-page.tsx';
import type { Detail } from '../viewer/parameters/facts.ts';
import { frameRateQuery } from '../viewer/playback/film.tsx';
import { TransportBar } from '../viewer/playback/transport-bar.tsx';
import { useTransport } from '../viewer/playback/use-transport.ts';
import { useBackground } from '../viewer/use-background.ts';
import { useViewerKeys } from '../viewer/use-viewer-keys.ts';
import type { StageControls } from '../viewer/zoom/stage.tsx';
import type { Lens } from '../viewer/zoom/zoom.ts';
import { DifferenceTable } from './difference-table.tsx';
import { shortDifferences } from './differences.ts';
import { LETTERS } from './pane.tsx';
import { Panes } from './panes.tsx';
import { useDifferences } from './use-differences.ts';
import { useTakesOf } from './use-takes-of.ts';

const STEP = 0.02;

type CompareProps = { ids: readonly string[]; onGo: (ids: readonly string[]) => void; onClose: () => void };

/** Two to four results, zoomed and played together. */
export function Compare({ ids, onGo, onClose }: CompareProps) {
  const trpc = useTRPC();
  const gallery = useGallery();
  useStoreVersion(gallery);
  const reads = useQueries({ queries: ids.map((id) => trpc.results.get.queryOptions({ id })) });
  const details = reads.flatMap(({ data }): Detail[] => (data ? [data] : []));
  const results = details.map(({ result }): ResultView => gallery.store.get(result.id) ?? result);
  const pending = reads.some(({ isPending }) => isPending);
  const failed = reads.find(({ isError }) => isError)?.error;
  const rates = useQueries({ queries: results.map(frameRateQuery) });
  const films = results.filter(({ kind }) => kind === 'video').length;
  const fps = Math.max(0, ...rates.map(({ data }) => data ?? 0)) || null;

  const rows = useDifferences(details);
  const takes = useTakesOf(results);

  const apply = useResultActions();
  const transport = useTransport();
  const background = useBackground();
  const screen = useFullScreen();
  const stage = useRef<StageControls>(null);
  const [lens, setLens] = useState<Lens | null>(null);
  const [mode, setMode] = useStored('comfyume.compare-mode', 'beside');
  const [table, setTable] = useStored('comfyume.compare-table', window.innerWidth < 640 ? 'closed' : 'open');
  const [slider, setSlider] = useState(0.5);
  const [pair, setPair] = useState<readonly [number, number]>([0, 1]);
  const [activeId, setActive] = useState<string | null>(null);
  const active = results.find(({ id }) => id === activeId) ?? results[0];
  const sliding = mode === 'slider';

  const moveToTrash = (result: ResultView | undefined): void => {
    if (!result) return;
    apply([result.id], result.removedAt === null ? 'trash' : 'restore');
    if (result.removedAt !== null) return;
    const rest = ids.filter((id) => id !== result.id);
    setPair([0, 1]);
    if (rest.length >= 2) onGo(rest);
    else onClose();
  };
  const moveWipe = (by: number): void => {
    if (sliding) setSlider((at) => Math.min(1, Math.max(0, at + by)));
  };
  const switchMode = (): void => setMode(sliding ? 'beside' : 'slider');
  const switchTable = (): void => setTable(table === 'open' ? 'closed' : 'open');
  useViewerKeys({
    result: active,
    stage,
    transport,
    fps,
    plays: films > 0,
    newer: () => moveWipe(-STEP),
    older: () => moveWipe(STEP),
    panel: switchTable,
    filmstrip: null,
    rename: null,
    background: background.next,
    fullScreen: screen.toggle,
    moveToTrash: () => moveToTrash(active),
    compare: switchMode,
    locked: null,
  });
  useKeys({ s: switchMode }, { inDialog: true });

  return (
    <FullPage from={ids[0]} onClose={onClose}>
      <header className="flex flex-wrap items-center gap-x-2 gap-y-1 bg-panel px-2 py-1">
        <Dialog.Title className="mr-auto px-1 text-15 font-semibold whitespace-nowrap">
          Compare {ids.length}
          <span className="max-sm:sr-only"> results</span>
        </Dialog.Title>
        {sliding && results.length > 2 && <PairChoice count={results.length} pair={pair} onChoose={setPair} />}
        <div className="flex gap-1">
          <Tool icon={Columns2} label="Side by side (S)" aria-pressed={!sliding} onClick={() => setMode('beside')} />
          <Tool
            icon={SquareSplitHorizontal}
            label="Slider (S)"
            aria-pressed={sliding}
            onClick={() => setMode('slider')}
          />
          <Tool icon={ZoomIn} label="100% (Z)" onClick={() => stage.current?.toggle()} />
          <Tool icon={Contrast} label={`Background: ${background.name} (B)`} onClick={background.next} />
          <Tool icon={Table2} label="Differences (I)" aria-expanded={table === 'open'} onClick={switchTable} />
          {screen.toggle && (
            <Tool
              icon={screen.on ? Minimize : Maximize}
              label={screen.on ? 'Leave full screen (Shift+F)' : 'Full screen (Shift+F)'}
              onClick={screen.toggle}
              className="max-sm:hidden"
            />
          )}
          <Tool icon={X} label="Close" onClick={onClose} />
        </div>
      </header>
      <div className={join('relative flex min-h-0 grow flex-col', background.className)}>
        {!pending && failed !== undefined && (
          <p role="alert" className="flex flex-wrap justify-center gap-2 bg-panel p-2">
            {failureOf(failed).code === 'not_found'
              ? 'One of these results does not exist, or it belongs to someone else.'
              : failureOf(failed).sentence}
          </p>
        )}
        {!pending && results.length > 0 && (
          <Panes
            results={results}
            notes={results.map((_, at) => ({ take: takes[at] ?? null, differences: shortDifferences(rows, at) }))}
            lens={[lens, setLens]}
            transport={transport}
            stage={stage}
            slider={sliding ? { at: slider, pair, onMove: setSlider } : null}
            activeId={active?.id ?? ''}
            onActive={setActive}
            onMoveToTrash={moveToTrash}
          />
        )}
      </div>
      {films > 0 && <TransportBar name={films > 1 ? 'Films' : 'Film'} transport={transport} fps={fps} />}
      {table === 'open' && (
        <aside
          aria-label="Parameters"
          className="flex h-[32dvh] shrink-0 flex-col border-t border-line bg-panel px-4 py-2"
        >
          {details.length > 1 && <DifferenceTable details={details} rows={rows} />}
        </aside>
      )}
    </FullPage>
  );
}

function Tool({ className, ...rest }: ComponentProps<typeof IconButton>) {
  return <IconButton className={join('aria-expanded:text-accent aria-pressed:text-accent', className)} {...rest} />;
}

type PairChoiceProps = {
  count: number;
  pair: readonly [number, number];
  onChoose: (pair: readonly [number, number]) => void;
};

/** Which two of them lie on top of each other; choosing the one that is there already swaps the two. */
function PairChoice({ count, pair: [left, right], onChoose }: PairChoiceProps) {
  const options = LETTERS.slice(0, count).map((letter, at) => (
    <option key={letter} value={at}>
      {letter}
    </option>
  ));
  const BUTTON = 'h-8 rounded border border-edge/60 bg-panel px-1 pointer-coarse:h-10 pointer-coarse:min-w-12';
  return (
    <div className="flex items-center gap-1">
      <select
        aria-label="Left"
        value={left}
        className={BUTTON}
        onChange={({ target }) => onChoose([Number(target.value), Number(target.value) === right ? left : right])}
      >
        {options}
      </select>
      <select
        aria-label="Right"
        value={right}
        className={BUTTON}
        onChange={({ target }) => onChoose([Number(target.value) === left ? right : left, Number(target.value)])}
      >
        {options}
      </select>
    </div>
  );
}
