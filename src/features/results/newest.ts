type Page<T> = { items: T[]; nextCursor: string | null };
type Merged<T> = { readonly pages: Page<T>[]; readonly arrived: number };

/**
 * Puts what is new in `fresh` (the first page, just read) in front of the pages that were read before. Null when nothing overlaps: then more came
 * than one page holds, and everything must be read again.
 */
export function mergeNewest<T extends { readonly id: string }>(
  pages: readonly Page<T>[],
  fresh: Page<T>,
): Merged<T> | null {
  const [first, ...rest] = pages;
  if (!first || first.items.length === 0) return { pages: [fresh], arrived: fresh.items.length };
  const known = new Set(pages.flatMap((page) => page.items.map(({ id }) => id)));
  const arrived = fresh.items.filter(({ id }) => !known.has(id));
  if (arrived.length > 0 && arrived.length === fresh.items.length) return null;
  return { pages: [{ ...first, items: [...arrived, ...first.items] }, ...rest], arrived: arrived.length };
}
