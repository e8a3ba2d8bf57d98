import { isTag, markupEnd } from '../reading/markup.ts';
import { type FileType, type FormatRule, growing, unproven, whole } from '../reading/verdict.ts';
import { MAX_READ, type Window } from '../reading/window.ts';

const MAX_SVG = 16 * 1024 * 1024;
const SVG = { kind: 'image', mime: 'image/svg+xml' } as const;

/** A strict prefix of a JSON object or array is never JSON itself. */
export function* jsonRule(file: Window, type: FileType): FormatRule {
  if (file.size > MAX_READ) return unproven(type);
  const text = new TextDecoder().decode(yield* file.all(0, file.size));
  if (!/^\s*[[{]/.test(text)) return unproven(type);
  try {
    JSON.parse(text);
    return whole(type);
  } catch {
    return unproven(type);
  }
}

/** SVG is whole when its root element is closed. Markup with another root is `otherType`. */
export function* markupRule(file: Window, otherType: FileType): FormatRule {
  if (file.size > MAX_SVG) return unproven(otherType);
  const text = new TextDecoder().decode(yield* file.all(0, file.size));
  const root = rootOf(text);
  if (root.name === null) return growing('the root element has not begun');
  if (!/^(\w+:)?svg$/.test(root.name)) return unproven(otherType);
  return root.isClosed ? whole(SVG) : growing('the root element of the SVG is not closed yet');
}

/** Reads the text once: a tag without an end stops the search. */
function rootOf(text: string): { name: string | null; isClosed: boolean } {
  let name: string | null = null;
  let depth = 0;
  let at = text.indexOf('<');
  while (at >= 0) {
    const end = markupEnd(text, at);
    if (end === null) break;
    if (text[at + 1] === '/') depth -= 1;
    else if (isTag(text, at)) {
      name ??= /^[^\s/>]+/.exec(text.slice(at + 1, Math.min(end, at + 100)))?.[0] ?? '';
      if (text[end - 2] !== '/') depth += 1;
    }
    if (name !== null && depth <= 0) return { name, isClosed: depth === 0 };
    at = text.indexOf('<', end);
  }
  return { name, isClosed: false };
}
