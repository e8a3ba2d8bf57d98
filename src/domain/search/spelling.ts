import { wordsOf } from './search-words.ts';

/** Of what is typed; more unknown words are no slips. */
const MAX_UNKNOWN = 4;
const MAX_RESPELLINGS = 3;

/** How many letters may be wrong in a word of this length. */
const slips = (length: number): number => (length < 3 ? 0 : length < 6 ? 1 : 2);

/** How many letters must be added, left out, changed or swapped with their neighbour to make one word of the other; `max` + 1 when more than `max`. */
export function editDistance(a: string, b: string, max: number): number {
  if (Math.abs(a.length - b.length) > max) return max + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1);
      row.push(least);
    }
    if (Math.min(...row) > max) return max + 1;
    [beforeLast, last] = [last, row];
  }
  return Math.min(last[b.length] ?? 0, max + 1);
}

/** The known words nearest to this one, the likeliest first: of those with as few slips, one with the same first letter. */
function nearest(word: string, terms: readonly string[]): string[] {
  const max = slips(word.length);
  return terms
    .flatMap((term) => {
      const distance = editDistance(word, term, max);
      return distance <= max ? [{ term, rank: distance + (term[0] === word[0] ? 0 : 0.5) }] : [];
    })
    .sort((a, b) => a.rank - b.rank || (a.term < b.term ? -1 : 1))
    .map(({ term }) => term)
    .slice(0, MAX_RESPELLINGS);
}

/** What somebody may have meant who typed words that none of theirs begins with, the likeliest first. None when each is known, or one is like no other. */
export function respellings(text: string, terms: readonly string[]): string[] {
  const words = wordsOf(text);
  const unknown = words.filter((word) => !terms.some((term) => term.startsWith(word)));
  if (unknown.length === 0 || unknown.length > MAX_UNKNOWN) return [];
  const meant = new Map(unknown.map((word) => [word, nearest(word, terms)]));
  const least = Math.min(...[...meant.values()].map((found) => found.length));
  const most = Math.max(...[...meant.values()].map((found) => found.length));
  if (least === 0) return [];
  return Array.from({ length: most }, (_, at) =>
    words.map((word) => meant.get(word)?.[at] ?? meant.get(word)?.[0] ?? word).join(' '),
  );
}
