import { sideTexts, TEXT_INPUTS } from '../workflow/generation-parameters.ts';
import type { Graph } from '../workflow/graph.ts';

export const MAX_SNIPPET = 140;
/** What is read of a prompt that begins with blank lines. */
const MAX_READ = 2000;

const BLANKS = /[\s\p{Cc}]+/gu;

const OF_SAMPLERS = [...TEXT_INPUTS, 'value'];
const OF_ITS_OWN = ['prompt', 'positive_prompt'];

/** The texts that say what is wanted. Names are looked up: a node may have a million inputs. */
function promptsOf(graph: Graph): unknown[] {
  const texts = sideTexts(graph);
  return Object.entries(graph).flatMap(([id, { inputs }]) => {
    const side = (name: string) => texts.get(`${id} ${name}`);
    const names = new Set([
      ...OF_SAMPLERS.filter((name) => side(name) === 'prompt'),
      ...OF_ITS_OWN.filter((name) => side(name) === undefined),
    ]);
    return [...names].map((name) => inputs[name]);
  });
}

/** The beginning of the first prompt of a graph that says anything, in one line; null where there is none. */
export function promptSnippet(graph: Graph): string | null {
  for (const value of promptsOf(graph)) {
    if (typeof value !== 'string') continue;
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
