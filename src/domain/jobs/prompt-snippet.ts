import { fieldsOf } from '../fields/fields-of.ts';
import type { Graph } from '../workflow/graph.ts';

export const MAX_SNIPPET = 140;
/** What is read of a prompt that begins with blank lines. */
const MAX_READ = 2000;

const BLANKS = /[\s\p{Cc}]+/gu;

/** The beginning of the first prompt of a graph that says anything, in one line; null where there is none. */
export function promptSnippet(graph: Graph): string | null {
  for (const { kind, value } of fieldsOf(graph)) {
    if (kind !== 'prompt' || typeof value !== 'string') continue;
    const letters = [...value.slice(0, MAX_READ).replace(BLANKS, ' ').trim()];
    if (letters.length === 0) continue;
    return letters.length <= MAX_SNIPPET
      ? letters.join('')
      : `${letters
          .slice(0, MAX_SNIPPET - 1)
          .join('')
          .trimEnd()}…`;
  }
  return null;
}
