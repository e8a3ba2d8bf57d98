import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { ResultView } from '#src/api/views.ts';
import { Button } from '#src/ui/button.tsx';
import { counted } from '#src/ui/measures.ts';
import { useStored } from '#src/ui/use-stored.ts';
import { failureOf } from '../server/failure.ts';
import { moveFocus } from './arrow-keys.ts';
import { byDay, type Day, dayName } from './days.ts';
import { useResults } from './results-cache.ts';
import { firstSights, rowsOf } from './rows.ts';
import { Tile } from './tile.tsx';
import { useWidth } from './use-width.ts';

const GAP = 8;

type ResultGridProps = { onOpen: (id: string) => void; empty: ReactNode };

export function ResultGrid({ onOpen, empty }: ResultGridProps) {
  const results = useResults();
  const [height, setHeight] = useStored('comfyume.picture-size', '220');
  const [measure, width] = useWidth();
  const [arrivalsOf] = useState(firstSights);
  const days = byDay(results.data?.pages.flatMap((page) => page.items) ?? []);

  return (
    <section aria-labelledby="results" className="flex flex-col gap-3">
      <div className="flex min-h-8 items-center justify-between gap-4">
        <h2 id="results" className="text-20 font-semibold">
          Results
        </h2>
        {days.length > 0 && (
          <input
            type="range"
            aria-label="Picture size"
            min={120}
            max={400}
            step={20}
            value={height}
            onChange={(event) => setHeight(event.target.value)}
            className="h-8 w-32 accent-text pointer-coarse:h-10"
          />
        )}
      </div>
      <div ref={measure} className="flex flex-col gap-6">
        {results.isPending && <Shape />}
        {results.isError && (
          <div role="alert" className="flex flex-wrap items-center gap-3">
            <p>{failureOf(results.error).sentence}</p>
            <Button onClick={() => results.refetch()}>Try again</Button>
          </div>
        )}
        {results.isSuccess && days.length === 0 && empty}
        {width > 0 &&
          days.map((day, i) => {
            const complete = i < days.length - 1 || !results.hasNextPage;
            return (
              <DayRows
                key={day.key}
                day={day}
                complete={complete}
                arrivals={arrivalsOf(day, i === 0, complete)}
                width={width}
                target={Math.min(Number(height), Math.round(width * 0.45))}
                onOpen={onOpen}
              />
            );
          })}
        {results.hasNextPage && <Older busy={results.isFetchingNextPage} onWanted={() => results.fetchNextPage()} />}
      </div>
    </section>
  );
}

type DayRowsProps = {
  day: Day<ResultView>;
  /** Whether all of its results have been read. */
  complete: boolean;
  arrivals: number;
  width: number;
  target: number;
  onOpen: (id: string) => void;
};

function DayRows({ day, complete, arrivals, width, target, onOpen }: DayRowsProps) {
  const [opened] = useState(() => new Set(day.items.map(({ id }) => id)));
  const name = dayName(day.key, new Date());
  return (
    <section aria-label={name} className="flex flex-col gap-2">
      <h3 className="flex items-baseline gap-2 text-15 font-semibold">
        {name}
        {complete && (
          <span className="text-12 font-normal text-quiet tabular-nums">{counted(day.items.length, 'result')}</span>
        )}
      </h3>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the tiles inside take the focus; this only moves it */}
      <div
        className="flex flex-col"
        style={{ gap: GAP }}
        onKeyDown={(event) => {
          const grid = event.currentTarget.closest<HTMLElement>('[aria-labelledby="results"]');
          if (grid && moveFocus(event.key, grid)) event.preventDefault();
        }}
      >
        {rowsOf(day.items, arrivals, { width, target, gap: GAP }).map((row) => (
          <div
            key={row.key}
            className="flex [content-visibility:auto]"
            style={{ gap: GAP, height: row.height, containIntrinsicHeight: row.height }}
          >
            {row.tiles.map(({ result, width: tileWidth }) => (
              <Tile
                key={result.id}
                result={result}
                width={tileWidth}
                height={row.height}
                isNew={!opened.has(result.id)}
                onOpen={() => onOpen(result.id)}
              />
            ))}
          </div>
        ))}
      </div>
    </section>
  );
}

/** Reads on when it comes near the screen; a press does the same. */
function Older({ busy, onWanted }: { busy: boolean; onWanted: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (busy || !button.current) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && onWanted(), {
      rootMargin: '800px',
    });
    observer.observe(button.current);
    return () => observer.disconnect();
  }, [busy, onWanted]);
  return (
    <Button ref={button} tone="quiet" className="self-center" disabled={busy} onClick={onWanted}>
      {busy ? 'Reading older results' : 'Show older results'}
    </Button>
  );
}

const SLOW_MS = 10_000;

/** The shape of what comes. */
function Shape() {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-label="Loading results" className="flex flex-col gap-2">
      {slow && <p className="text-quiet">Still waiting for the server's list of your results.</p>}
      {[3, 4].map((boxes) => (
        <div key={boxes} className="flex gap-2">
          {Array.from({ length: boxes }, (_, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: grey boxes have no identity
            <div key={i} className="h-44 grow rounded bg-panel" />
          ))}
        </div>
      ))}
    </div>
  );
}
