import { useQuery } from '@tanstack/react-query';
import { REASONS } from '#src/domain/jobs/job.ts';
import { Button } from '#src/ui/buttons/button.tsx';
import { Pick } from '#src/ui/forms/filter-controls.tsx';
import { SearchField } from '#src/ui/forms/search-field.tsx';
import { useTypedText } from '#src/ui/forms/use-typed.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { ALL_ALIVE, BOARD_STATES, type BoardFilter, type BoardState, boardAddress } from './board-filter.ts';

const STATE_NAMES: Record<BoardState, string> = {
  alive: 'Queued or on GPUs',
  waiting: 'Queued',
  'on GPUs': 'On GPUs',
  ended: 'Ended',
  completed: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1).replaceAll('_', ' ');

export function BoardFilters({ filter }: { filter: BoardFilter }) {
  const trpc = useTRPC();
  const people = useQuery(trpc.admin.participants.list.queryOptions());
  const endpoints = useQuery(trpc.admin.endpoints.list.queryOptions());
  // Not by the router: a navigation a moment after typing would cancel one that has just begun.
  const narrow = (change: Partial<BoardFilter>): void =>
    window.history.pushState(null, '', boardAddress({ ...filter, ...change }));
  return (
    <search className="flex flex-wrap items-center gap-2">
      <Words
        words={filter.words}
        onWords={(words) => window.history.replaceState(null, '', boardAddress({ ...filter, words }))}
      />
      <Pick
        label="State"
        all={STATE_NAMES.alive}
        value={filter.state === 'alive' ? null : filter.state}
        options={BOARD_STATES.filter((state) => state !== 'alive').map((value) => ({
          value,
          name: STATE_NAMES[value],
        }))}
        onPick={(picked) => narrow({ state: BOARD_STATES.find((state) => state === picked) ?? 'alive' })}
      />
      <Pick
        label="Person"
        all="Everyone"
        value={filter.userId}
        options={people.data?.map(({ id, name }) => ({ value: id, name })) ?? []}
        onPick={(userId) => narrow({ userId })}
      />
      <Pick
        label="Endpoint"
        all="Any endpoint"
        value={filter.endpointId}
        options={endpoints.data?.map(({ id, name }) => ({ value: id, name })) ?? []}
        onPick={(endpointId) => narrow({ endpointId })}
      />
      <Pick
        label="Reason"
        all="Any reason"
        value={filter.reason}
        options={REASONS.map((value) => ({ value, name: sentence(value) }))}
        onPick={(picked) => {
          const reason = REASONS.find((each) => each === picked) ?? null;
          // Jobs that are alive have no reason yet.
          narrow({ reason, ...(reason !== null && filter.state === 'alive' && { state: 'ended' }) });
        }}
      />
      {boardAddress(filter) !== boardAddress(ALL_ALIVE) && (
        <Button tone="quiet" onClick={() => narrow(ALL_ALIVE)}>
          Clear filters
        </Button>
      )}
    </search>
  );
}

function Words({ words, onWords }: { words: string; onWords: (words: string) => void }) {
  const [text, setText] = useTypedText(words, onWords);
  return <SearchField label="Search title, owner or ID" value={text} onChange={setText} />;
}
