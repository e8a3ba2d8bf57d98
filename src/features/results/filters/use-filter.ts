import { useSearchParams } from 'next/navigation';
import { useMemo } from 'react';
import { type Filter, filterKey, readFilter, writeFilter } from './filter.ts';

/** The filter that stands in the address. */
export function useFilter(): Filter {
  const key = filterKey(readFilter(useSearchParams()));
  return useMemo(() => readFilter(new URLSearchParams(key)), [key]);
}

/** Changes the filter in the address and keeps the rest of it. `typing` adds no history entry. */
export function narrow(change: Partial<Filter>, typing = false): void {
  const here = new URLSearchParams(window.location.search);
  const next = writeFilter({ ...readFilter(here), ...change }, here).toString();
  if (next === here.toString()) return;
  const address = next === '' ? '/' : `/?${next}`;
  if (typing) window.history.replaceState(null, '', address);
  else window.history.pushState(null, '', address);
}
