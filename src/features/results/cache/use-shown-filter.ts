import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTRPC } from '../../api-client/trpc.ts';
import type { Filter } from '../filters/filter.ts';
import { useFilter } from '../filters/use-filter.ts';
import { useGallery, useList } from './gallery.ts';

type ShownFilter = {
  /** As it stands in the address. */
  readonly filter: Filter;
  /** With other words where those find nothing and others may have been meant; else the same. */
  readonly shown: Filter;
  /** Nothing is found yet, and what may have been meant is being asked. */
  readonly asking: boolean;
};

/** What the results are narrowed down to. */
export function useShownFilter(): ShownFilter {
  const trpc = useTRPC();
  const filter = useFilter();
  const { status, pages } = useList(useGallery().list(filter));
  const words = filter.words.trim();
  const findsNothing = words !== '' && status === 'ready' && pages.every(({ entries }) => entries.length === 0);
  const spelling = useQuery(trpc.results.spelling.queryOptions({ words }, { enabled: findsNothing }));
  const meant = spelling.data ?? null;
  const asking = spelling.isLoading;
  return useMemo(
    () => ({ filter, shown: findsNothing && meant !== null ? { ...filter, words: meant } : filter, asking }),
    [filter, findsNothing, meant, asking],
  );
}
