import type { ResultView } from '#src/api/views.ts';
import { counted } from '#src/domain/measures.ts';

/** A person's marks on a result. */
export type Marks = { readonly favourite?: boolean; readonly rating?: number; readonly rejected?: boolean };

type Marked = Pick<ResultView, 'favourite' | 'rating' | 'rejected'>;

/** The previous values of the marks, grouped by value, without results that have the new value already. */
export function marksBefore<T extends Marked>(results: readonly T[], marks: Marks): { results: T[]; marks: Marks }[] {
  const groups = new Map<string, { results: T[]; marks: Marks }>();
  for (const result of results) {
    const before: Marks = {
      ...(marks.favourite !== undefined && { favourite: result.favourite }),
      ...(marks.rating !== undefined && { rating: result.rating }),
      ...(marks.rejected !== undefined && { rejected: result.rejected }),
    };
    const key = JSON.stringify(before);
    if (key === JSON.stringify(marks)) continue;
    const group = groups.get(key) ?? { results: [], marks: before };
    group.results.push(result);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Turns the mark on for all, or off when all have it. */
export const toggled = (results: readonly Marked[], mark: 'favourite' | 'rejected'): Marks => ({
  [mark]: !results.every((result) => result[mark]),
});

/** What was done, in words. */
export function marksWords(count: number, { favourite, rating, rejected }: Marks): string {
  const what = counted(count, 'result');
  if (favourite !== undefined) return favourite ? `${what} added to favourites.` : `${what} removed from favourites.`;
  if (rejected !== undefined) return rejected ? `${what} rejected.` : `${what} no longer rejected.`;
  return rating ? `${what}: ${counted(rating, 'star')}.` : `${what}: rating cleared.`;
}
