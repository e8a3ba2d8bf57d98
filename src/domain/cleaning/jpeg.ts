import { END, MAX_SEGMENTS, nextMarker, SCAN } from '../formats/pictures/jpeg.ts';
import { latin1, u16be } from '../formats/reading/bytes.ts';
import type { Window } from '../formats/reading/window.ts';
import { exifOf, orientationOf } from './exif.ts';
import { bytesOf, type Cleaning, keep, type Piece } from './piece.ts';

const COMMENT = 0xfe;
const isApp = (marker: number): boolean => marker >= 0xe0 && marker <= 0xef;

export function* cleanJpeg(file: Window): Cleaning {
  const pieces: Piece[] = [];
  keep(pieces, 0, 2);
  let at = 2;
  for (let count = 0; count < MAX_SEGMENTS; count++) {
    const head = yield* file.at(at, 18);
    const marker = head[1] ?? 0;
    if (head.length < 2 || head[0] !== 0xff) return null;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === END) {
      keep(pieces, at, at + 2);
      return pieces;
    }
    const length = u16be(head, 2);
    const next = at + 2 + length;
    if (head.length < 4 || length < 2 || next > file.size) return null;
    if (isApp(marker)) {
      const kept = keptOf(marker, head, length);
      if (kept === 'all') keep(pieces, at, next);
      else if (kept) pieces.push(kept);
      if (marker === 0xe1 && latin1(head, 4, 6) === 'Exif\0\0') {
        const orientation = orientationOf(yield* file.all(at + 10, length - 8));
        if (orientation !== 1) pieces.push(segmentOf(exifOf(orientation)));
      }
    } else if (marker !== COMMENT) keep(pieces, at, next);
    at = next;
    if (marker !== SCAN) continue;
    const end = yield* nextMarker(file, at);
    if (end === null) return null;
    keep(pieces, at, end);
    at = end;
  }
  return null;
}

/** Three of the application segments define the colours. The first of them may contain a thumbnail, which is removed. */
function keptOf(marker: number, head: Uint8Array, length: number): 'all' | Uint8Array | null {
  if (marker === 0xee) return latin1(head, 4, 5) === 'Adobe' ? 'all' : null;
  if (marker === 0xe2) return latin1(head, 4, 12) === 'ICC_PROFILE\0' ? 'all' : null;
  if (marker !== 0xe0 || latin1(head, 4, 5) !== 'JFIF\0' || head.length < 18) return null;
  return length === 16 ? 'all' : Uint8Array.of(0xff, 0xe0, 0, 16, ...head.subarray(4, 16), 0, 0);
}

const segmentOf = (exif: Uint8Array): Uint8Array =>
  bytesOf(Uint8Array.of(0xff, 0xe1, 0, 8 + exif.length), 'Exif\0\0', exif);
