import { useQuery } from '@tanstack/react-query';
import { Pick } from '#src/ui/forms/filter-controls.tsx';
import { SearchField } from '#src/ui/forms/search-field.tsx';
import { useTRPC } from '../api-client/trpc.ts';
import { SOURCE_WORDS } from './level-label.tsx';
import type { LogFilter } from './use-log-filter.ts';

const LEVELS = [
  { value: 'error', name: 'Errors' },
  { value: 'warning', name: 'Warnings' },
];
const SOURCES = Object.entries(SOURCE_WORDS).map(([value, name]) => ({ value, name }));

export function LogFilters({ filter, typed, setTyped, setUserId, setSource, setLevel }: LogFilter) {
  const trpc = useTRPC();
  const people = useQuery(trpc.admin.clientLogs.people.queryOptions());
  return (
    <search aria-label="Browser logs" className="flex flex-wrap items-center gap-2">
      <SearchField label="Search" value={typed} onChange={setTyped} />
      <Pick
        label="Person"
        all="Everyone"
        value={filter.userId}
        options={(people.data ?? []).map(({ id, name }) => ({ value: id, name }))}
        onPick={setUserId}
      />
      <Pick label="Where" all="Everywhere" value={filter.source} options={SOURCES} onPick={setSource} />
      <Pick label="Level" all="Errors and warnings" value={filter.level} options={LEVELS} onPick={setLevel} />
    </search>
  );
}
