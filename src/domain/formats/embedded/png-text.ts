import { PNG_SIGNATURE, pngChunk } from '../pictures/png.ts';
import type { Asking, Window } from '../reading/window.ts';

/** What is larger, packed or not, is no text of a workflow. */
export const MAX_TEXT = 16 * 1024 * 1024;
const MAX_CHUNKS = 200_000;
/** A text as it stands in a file; `packed` with zlib, to whatever size. */
export type StoredText = { readonly bytes: Uint8Array; readonly packed: boolean };

/** What stands behind the key and its zero. ComfyUI writes UTF-8, whatever the chunk. */
function textOf(type: string, value: Uint8Array): StoredText | null {
  switch (type) {
    case 'zTXt':
      return { bytes: value.subarray(1), packed: true };
    case 'iTXt': {
      // Whether it is packed, and how; then language and translated key, each with its zero.
      const language = value.indexOf(0, 2);
      const start = language < 0 ? -1 : value.indexOf(0, language + 1);
      return start < 0 ? null : { bytes: value.subarray(start + 1), packed: value[0] === 1 };
    }
    default:
      return { bytes: value, packed: false };
  }
}

/** ComfyUI's PNG has a tEXt chunk for each key, its APNG a `comf` chunk after the pictures; other programs write iTXt and zTXt. */
export function* pngText(file: Window, key: string): Asking<StoredText | null> {
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
