import { AppError } from '../errors.ts';

/** More than any workflow has, and few enough for whoever reads them one inside the other. */
const MAX_LEVELS = 64;
const MAX_VALUES = 1_000_000;

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

function isEscaped(json: string, quote: number): boolean {
  let before = quote - 1;
  while (json.charCodeAt(before) === BACKSLASH) before -= 1;
  return (quote - before) % 2 === 0;
}

/** The place of the quote that ends the text which begins at `start`. */
export function endOfText(json: string, start: number): number {
  let at = json.indexOf('"', start + 1);
  while (at !== -1 && isEscaped(json, at)) at = json.indexOf('"', at + 1);
  return at === -1 ? json.length : at;
}

/** Refuses JSON that would keep whoever parses it busy: one look at each character, and nothing is made of them. */
export function assertBoundedJson(json: string): void {
  let levels = 0;
  let values = 1;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) at = endOfText(json, at);
    else if (code === COMMA) values += 1;
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      levels += 1;
      values += 1;
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) levels -= 1;
    if (levels > MAX_LEVELS)
      throw new AppError('invalid_graph', `The JSON is nested more than ${MAX_LEVELS} levels deep.`);
    if (values > MAX_VALUES)
      throw new AppError('too_large', `The JSON has more than ${MAX_VALUES.toLocaleString('en')} values.`);
  }
}
