import { u16be } from '../reading/bytes.ts';
import { broken, type FormatRule, growing, whole } from '../reading/verdict.ts';
import { type Asking, MAX_READ, type Window } from '../reading/window.ts';

export const END = 0xd9;
export const SCAN = 0xda;
export const MAX_SEGMENTS = 100_000;

export function* jpegRule(file: Window): FormatRule {
  const cut = growing('the JPEG has no end mark yet');
  let at = 2;
  let scanSeen = false;
  for (let count = 0; count < MAX_SEGMENTS; count++) {
    const head = yield* file.at(at, 4);
    if (head.length < 2) return cut;
    const marker = head[1] ?? 0;
    if (head[0] === 0 && marker === 0) return growing('a part of the JPEG has not arrived yet');
    if (head[0] !== 0xff) return broken(`byte ${at} of the JPEG should start a segment and does not`);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === END) {
      return scanSeen ? whole({ kind: 'image', mime: 'image/jpeg' }) : broken('the JPEG ends without a picture');
    }
    if (head.length < 4) return cut;
    const length = u16be(head, 2);
    if (length < 2) return broken(`the JPEG segment at byte ${at} has no length`);
    at += 2 + length;
    if (marker !== SCAN) continue;
    scanSeen = true;
    const next = yield* nextMarker(file, at);
    if (next === null) return cut;
    at = next;
  }
  return broken(`the JPEG has more than ${MAX_SEGMENTS} segments`);
}

/** Picture data holds 0xFF only before a stuffed 0 or a restart mark; any other 0xFF ends it. */
export function* nextMarker(file: Window, start: number): Asking<number | null> {
  let at = start;
  while (at < file.size) {
    const bytes = yield* file.at(at, MAX_READ);
    let found = bytes.indexOf(0xff);
    while (found >= 0 && found + 1 < bytes.length) {
      const marker = bytes[found + 1] ?? 0;
      if (marker !== 0 && (marker < 0xd0 || marker > 0xd7)) return at + found;
      found = bytes.indexOf(0xff, found + 2);
    }
    if (found === 0 && bytes.length < 2) return null;
    if (bytes.length === 0) return null;
    at += found < 0 ? bytes.length : found;
  }
  return null;
}
