import { markupEnd } from '../formats/reading/markup.ts';
import type { Window } from '../formats/reading/window.ts';
import { type Cleaning, MAX_TEXT } from './piece.ts';

/** Without `<metadata>` and its content, and without comments. */
export function* cleanSvg(file: Window): Cleaning {
  if (file.size > MAX_TEXT) return null;
  const text = textOf(yield* file.all(0, file.size));
  const kept = text === null ? null : withoutMetadata(text);
  return kept === null ? null : [new TextEncoder().encode(kept)];
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** One pass; null if something has no end, so that no text is read twice. */
function withoutMetadata(text: string): string | null {
  let kept = '';
  let inside = 0;
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('<', at);
    if (inside === 0) kept += text.slice(at, open < 0 ? text.length : open);
    if (open < 0) break;
    const isComment = text.startsWith('<!--', open);
    const end = markupEnd(text, open);
    if (end === null) return null;
    const part = text.slice(open, end);
    const name = /^<(\/?)(?:[\w.-]+:)?metadata(?=[\s/>])/.exec(part);
    const isEmpty = part.endsWith('/>');
    if (name && name[1] === '/') inside = Math.max(0, inside - 1);
    else if (name && !isEmpty) inside += 1;
    else if (!name && !isComment && inside === 0) kept += part;
    at = end;
  }
  return inside === 0 ? kept : null;
}
