import { useEffect } from 'react';
import type { ResultView } from '#src/api/views.ts';
import { useGallery, useList, useStoreVersion } from './gallery.ts';
import { useShownFilter } from './use-shown-filter.ts';

const AHEAD = 3;

type Neighbours = {
  readonly result: ResultView | undefined;
  readonly newer: ResultView | undefined;
  readonly older: ResultView | undefined;
};

type Beside = { readonly id: string; readonly newer: string | undefined; readonly older: string | undefined };

/** Whoever rejects a result goes on from where it was, also after a comparison: by then the list does not have it any more. */
let last: Beside = { id: '', newer: undefined, older: undefined };

/** A result and its neighbours in the list of the grid, or, where it has left that, those that it had; loads more near the end of the list. Undefined while not loaded. */
export function useNeighbours(id: string): Neighbours {
  const gallery = useGallery();
  const list = gallery.list(useShownFilter().shown);
  const { pages, hasMore, reading, error } = useList(list);
  const version = useStoreVersion(gallery);

  const page = pages.findIndex(({ entries }) => entries.some((entry) => entry.id === id));
  const near = pages.slice(Math.max(0, page - 1), page + 2).flatMap(({ entries }) => entries);
  const index = page < 0 ? -1 : near.findIndex((entry) => entry.id === id);
  const ids = index < 0 ? [] : near.slice(Math.max(0, index - AHEAD), index + AHEAD + 1).map((entry) => entry.id);
  const at = ids.indexOf(id);

  const nearEnd = index >= 0 && page >= pages.length - 1 && index >= near.length - AHEAD;
  useEffect(() => {
    if (nearEnd && hasMore && !reading && error === null) void list.more();
  }, [nearEnd, hasMore, reading, error, list]);

  const wanted = ids.join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is missing changes with the store
  useEffect(() => {
    const missing = gallery.store.missing(wanted === '' ? [] : wanted.split(' '));
    if (missing.length > 0) gallery.reread(missing).catch(() => undefined);
  }, [gallery, wanted, version]);

  const isListed = at >= 0;
  const [newer, older] = isListed ? [ids[at - 1], ids[at + 1]] : last.id === id ? [last.newer, last.older] : [];
  useEffect(() => {
    if (isListed) last = { id, newer, older };
  }, [isListed, id, newer, older]);
  const of = (one: string | undefined): ResultView | undefined =>
    one === undefined ? undefined : gallery.store.get(one);
  return { result: gallery.store.get(id), newer: of(newer), older: of(older) };
}
