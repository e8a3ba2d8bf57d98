'use client';

import { LogFilters } from './log-filters.tsx';
import { LogGroups } from './log-groups.tsx';
import { LogTail } from './log-tail.tsx';
import { useLogFilter } from './use-log-filter.ts';

export function LogsScreen() {
  const filter = useLogFilter();
  return (
    <>
      <h1 className="text-20 font-semibold">Browser logs</h1>
      <div className="flex flex-col gap-3">
        <LogFilters {...filter} />
        <LogGroups filter={filter.filter} isOff={filter.isOff} />
      </div>
      <LogTail key={JSON.stringify(filter.filter)} filter={filter.filter} />
    </>
  );
}
