import { AppError } from '../errors.ts';

/** More than any workflow has, and few enough for whoever reads them one inside the other. */
const MAX_LEVELS = 64;
const MAX_VALUES = 1_000_000;

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const OPENING: ReadonlySet<number> = new Set([91, 123]);
const CLOSING: ReadonlySet<number> = new Set([93, 125]);

/** The place of the quote that ends the text which begins at `start`. */
function endOfText(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json.charCodeAt(at) !== QUOTE) at += json.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

/** Refuses JSON that would keep whoever parses it busy: one look at each character, and nothing is made of them. */
export function assertBoundedJson(json: string): void {
  let levels = 0;
  let values = 1;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) at = endOfText(json, at);
    else if (code === COMMA) values += 1;
    else if (OPENING.has(code)) {
      levels += 1;
      values += 1;
    } else if (CLOSING.has(code)) levels -= 1;
    if (levels > MAX_LEVELS)
      throw new AppError('invalid_graph', `The JSON is nested more than ${MAX_LEVELS} levels deep.`);
    if (values > MAX_VALUES)
      throw new AppError('too_large', `The JSON has more than ${MAX_VALUES.toLocaleString('en')} values.`);
  }
}
