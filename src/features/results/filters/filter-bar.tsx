import { Eye, FilterX, Heart, Search, SlidersHorizontal } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { RESULT_KINDS } from '#src/domain/file-facts.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { Dialog } from '#src/ui/dialogs/dialog.tsx';
import { Pick, PRESSED } from '#src/ui/forms/filter-controls.tsx';
import { useTypedText } from '#src/ui/forms/use-typed.ts';
import { join } from '#src/ui/join.ts';
import { loadPart } from '#src/ui/loading/load-part.ts';
import { EVERYTHING, type Filter, isNarrowed, KIND_NAMES } from './filter.ts';
import { narrow } from './use-filter.ts';

const MoreFilters = dynamic(() => loadPart(() => import('./more-filters.tsx')).then((file) => file.MoreFilters), {
  ssr: false,
});

type FilterBarProps = { filter: Filter };

/** The filters: one row and the rest behind "More"; on a phone all behind one button. */
export function FilterBar({ filter }: FilterBarProps) {
  const hidden = moreIsSet(filter);
  const [more, setMore] = useState(hidden);
  const [sheet, setSheet] = useState(false);
  const clear = isNarrowed(filter) && (
    <Button tone="quiet" icon={FilterX} onClick={() => narrow(EVERYTHING)}>
      Clear
    </Button>
  );
  const set = countSet(filter);
  return (
    <search aria-label="Find results">
      <div className="flex gap-2 sm:hidden">
        <Button
          icon={SlidersHorizontal}
          aria-haspopup="dialog"
          data-set={set > 0}
          className="data-[set=true]:border-accent data-[set=true]:text-accent"
          onClick={() => setSheet(true)}
        >
          {set > 0 ? `Filter (${set})` : 'Filter'}
        </Button>
        {clear}
      </div>
      <div className="hidden flex-col gap-2 sm:flex">
        <div className="flex flex-wrap items-center gap-2">
          <Words words={filter.words} className="w-60" />
          <Main filter={filter} />
          <Button
            tone="quiet"
            icon={SlidersHorizontal}
            aria-expanded={more || hidden}
            disabled={hidden}
            onClick={() => setMore(!more)}
          >
            More
          </Button>
          {clear}
        </div>
        {(more || hidden) && (
          <div className="flex flex-wrap items-center gap-2">
            <MoreFilters filter={filter} />
          </div>
        )}
      </div>
      {sheet && (
        <Dialog title="Filter results" onClose={() => setSheet(false)}>
          <div className="flex flex-col items-stretch gap-3">
            <Words words={filter.words} className="w-full" />
            <Main filter={filter} />
            <MoreFilters filter={filter} />
            <div className="flex justify-end gap-2">
              {clear}
              <Button tone="accent" onClick={() => setSheet(false)}>
                Show results
              </Button>
            </div>
          </div>
        </Dialog>
      )}
    </search>
  );
}

const moreIsSet = ({ from, to, workflow, model, lora, seed, job, input, rejected, removed }: Filter): boolean =>
  removed ||
  rejected !== 'hidden' ||
  [from, to, workflow, model, lora, seed, job, input].some((value) => value !== null);

function countSet(filter: Filter): number {
  const { words, kind, favourite, stars, rejected, from, to, workflow, model, lora, seed, job, removed, previews } =
    filter;
  return [
    words !== '',
    kind !== null,
    favourite,
    stars > 0,
    rejected !== 'hidden',
    from !== null || to !== null,
    workflow !== null,
    model !== null,
    lora !== null,
    seed !== null,
    job !== null,
    filter.input !== null,
    removed,
    previews,
  ].filter(Boolean).length;
}

function Main({ filter }: FilterBarProps) {
  return (
    <>
      <Pick
        label="Kind"
        all="All kinds"
        value={filter.kind}
        options={RESULT_KINDS.map((kind) => ({ value: kind, name: KIND_NAMES[kind] }))}
        onPick={(kind) => narrow({ kind: RESULT_KINDS.find((each) => each === kind) ?? null })}
      />
      <Button
        icon={Heart}
        aria-pressed={filter.favourite}
        className={PRESSED}
        onClick={() => narrow({ favourite: !filter.favourite })}
      >
        Favourites
      </Button>
      <Pick
        label="Stars"
        all="Any stars"
        value={filter.stars === 0 ? null : String(filter.stars)}
        options={[1, 2, 3, 4, 5].map((stars) => ({
          value: String(stars),
          name: stars === 5 ? '5 stars' : `${stars} ${stars === 1 ? 'star' : 'stars'} or more`,
        }))}
        onPick={(stars) => narrow({ stars: Number(stars ?? 0) })}
      />
      <Button
        icon={Eye}
        aria-pressed={filter.previews}
        className={PRESSED}
        onClick={() => narrow({ previews: !filter.previews })}
      >
        Show previews
      </Button>
    </>
  );
}

type WordsProps = { words: string; className: string };

/** Words of the prompt, title, model, LoRAs or file name; applied when the typing pauses. */
function Words({ words, className }: WordsProps) {
  const [text, setText] = useTypedText(words, (typed) => narrow({ words: typed }, words !== ''));
  return (
    <span className={join('relative block', className)}>
      <Search
        size={16}
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-quiet"
      />
      <input
        type="search"
        aria-label="Search prompt, title or file"
        placeholder="Search prompt, title or file"
        value={text}
        maxLength={200}
        onChange={(event) => setText(event.target.value)}
        className="h-8 w-full rounded border border-edge/60 bg-field pr-2 pl-8 text-13 pointer-coarse:h-10"
      />
    </span>
  );
}
