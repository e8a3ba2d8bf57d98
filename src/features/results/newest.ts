type Page<T> = { items: T[]; nextCursor: string | null };
type Merged<T> = { readonly pages: Page<T>[]; readonly arrived: number };

/**
 * Puts what is new in `fresh` (the newest, just read) in front of the pages that were read before. Null when nothing overlaps: then more came
 * than were read, and the next older ones must be read too.
 */
export function mergeNewest<T extends { readonly id: string }>(
  pages: readonly Page<T>[],
  fresh: Page<T>,
): Merged<T> | null {
  const [first, ...rest] = pages;
  const known = new Set(pages.flatMap((page) => page.items.map(({ id }) => id)));
  const arrived = fresh.items.filter(({ id }) => !known.has(id));
  const overlaps = arrived.length < fresh.items.length;
  if (!first || (!overlaps && fresh.nextCursor === null)) return { pages: [fresh], arrived: arrived.length };
  if (!overlaps) return null;
  return { pages: [{ ...first, items: [...arrived, ...first.items] }, ...rest], arrived: arrived.length };
}
