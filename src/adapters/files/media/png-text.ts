import { inflateSync } from 'node:zlib';
import { PNG_SIGNATURE, pngChunk } from '#src/domain/formats/pictures/png.ts';
import type { Asking, Window } from '#src/domain/formats/reading/window.ts';

const MAX_TEXT = 16 * 1024 * 1024;
const MAX_CHUNKS = 200_000;
const utf8 = new TextDecoder();

/** A text that is packed may be of any size: what is larger than the limit is none. */
function inflate(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(inflateSync(bytes, { maxOutputLength: MAX_TEXT }));
  } catch {
    return null;
  }
}

/** What stands behind the key and its zero. ComfyUI writes UTF-8, whatever the chunk. */
function textOf(type: string, value: Uint8Array): string | null {
  switch (type) {
    case 'zTXt':
      return inflate(value.subarray(1));
    case 'iTXt': {
      // Whether it is packed, and how; then language and translated key, each with its zero.
      const language = value.indexOf(0, 2);
      const start = language < 0 ? -1 : value.indexOf(0, language + 1);
      if (start < 0) return null;
      const text = value.subarray(start + 1);
      return value[0] === 1 ? inflate(text) : utf8.decode(text);
    }
    default:
      return utf8.decode(value);
  }
}

/** ComfyUI's PNG has a tEXt chunk for each key, its APNG a `comf` chunk after the pictures; other programs write iTXt and zTXt. */
export function* pngText(file: Window, key: string): Asking<string | null> {
  const start = new TextEncoder().encode(`${key}\0`);
  let at = PNG_SIGNATURE.length;
  for (let count = 0; count < MAX_CHUNKS; count++) {
    const chunk = yield* pngChunk(file, at);
    if (typeof chunk === 'string') return null;
    if (['tEXt', 'zTXt', 'iTXt', 'comf'].includes(chunk.type)) {
      const head = yield* file.at(chunk.body, Math.min(start.length, chunk.length));
      if (head.length === start.length && head.every((byte, index) => byte === start[index])) {
        const length = chunk.length - start.length;
        return length > MAX_TEXT ? null : textOf(chunk.type, yield* file.all(chunk.body + start.length, length));
      }
    }
    at = chunk.next;
  }
  return null;
}
