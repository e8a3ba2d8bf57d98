import { isHole, latin1, u32be } from '../reading/bytes.ts';
import { broken, type FormatRule, growing, whole } from '../reading/verdict.ts';
import type { Asking, Window } from '../reading/window.ts';

export const PNG_SIGNATURE = '\x89PNG\r\n\x1a\n';
const MAX_CHUNKS = 200_000;

type PngChunk = { readonly type: string; readonly body: number; readonly length: number; readonly next: number };

/** The chunk that starts at `at`, or why there is none. */
export function* pngChunk(file: Window, at: number): Asking<PngChunk | 'cut' | 'hole' | 'garbage'> {
  const head = yield* file.at(at, 8);
  if (head.length < 8) return 'cut';
  if (isHole(head)) return 'hole';
  const type = latin1(head, 4, 4);
  const length = u32be(head, 0);
  if (!/^[A-Za-z]{4}$/.test(type) || length > 0x7fffffff) return 'garbage';
  const next = at + 12 + length;
  return next > file.size ? 'cut' : { type, body: at + 8, length, next };
}

export function* pngRule(file: Window): FormatRule {
  let at = PNG_SIGNATURE.length;
  let pictureSeen = false;
  for (let count = 0; count < MAX_CHUNKS; count++) {
    const chunk = yield* pngChunk(file, at);
    if (chunk === 'cut') return growing('the PNG has no end chunk yet');
    if (chunk === 'hole') return growing('a part of the PNG has not arrived yet');
    if (chunk === 'garbage') return broken(`byte ${at} of the PNG should start a chunk and does not`);
    if (count === 0 && chunk.type !== 'IHDR') return broken('the PNG does not begin with its header chunk');
    if (chunk.type === 'IDAT') pictureSeen = true;
    if (chunk.type === 'IEND') {
      return pictureSeen ? whole({ kind: 'image', mime: 'image/png' }) : broken('the PNG ends without a picture');
    }
    at = chunk.next;
  }
  return broken(`the PNG has more than ${MAX_CHUNKS} chunks`);
}
