import { useMemo } from 'react';
import { type Gallery, useGallery, useList, useStoreVersion } from './gallery.ts';
import { useShownFilter } from './use-shown-filter.ts';

/** The results of the grid one after the other, as far as they have been read; `more` reads on, null while it cannot. */
export function useSequence(): { gallery: Gallery; ids: readonly string[]; more: (() => void) | null } {
  const gallery = useGallery();
  const list = gallery.list(useShownFilter().shown);
  const { pages, hasMore, reading, error } = useList(list);
  useStoreVersion(gallery);
  const ids = useMemo(() => pages.flatMap(({ entries }) => entries.map(({ id }) => id)), [pages]);
  const canRead = hasMore && !reading && error === null;
  const more = useMemo(() => (canRead ? () => void list.more() : null), [canRead, list]);
  return { gallery, ids, more };
}
