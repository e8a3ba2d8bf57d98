import { latin1, u32le } from '../formats/reading/bytes.ts';
import type { Window } from '../formats/reading/window.ts';
import { exifOf, orientationOf } from './exif.ts';
import { bytesOf, type Cleaning, keep, MAX_PARTS, MAX_TEXT, type Piece, u32leBytes } from './piece.ts';

const SHOWN = new Set(['VP8X', 'ICCP', 'ANIM', 'ANMF', 'ALPH', 'VP8 ', 'VP8L']);
const HAS_EXIF = 0x08;
const HAS_XMP = 0x04;

export function* cleanWebp(file: Window): Cleaning {
  const head = yield* file.at(0, 12);
  if (latin1(head, 0, 4) !== 'RIFF' || latin1(head, 8, 4) !== 'WEBP') return null;
  const end = Math.min(8 + u32le(head, 4), file.size);
  const pieces: Piece[] = [];
  let flags: Uint8Array | null = null;
  let orientation = 1;
  let at = 12;
  for (let count = 0; count < MAX_PARTS && at + 8 <= end; count++) {
    const start = yield* file.at(at, 18);
    const type = latin1(start, 0, 4);
    const length = u32le(start, 4);
    const stop = at + 8 + length;
    if (stop > end || (type === 'VP8X' && length < 10)) return null;
    if (type === 'VP8X') {
      flags = start.slice(0, 18);
      pieces.push(flags);
      keep(pieces, at + 18, stop);
    } else if (SHOWN.has(type)) {
      keep(pieces, at, stop);
      if (length % 2 === 1) pieces.push(Uint8Array.of(0));
    } else if (type === 'EXIF') {
      orientation = orientationOf(yield* file.all(at + 8, Math.min(length, MAX_TEXT)));
    }
    at = stop + (length % 2);
  }
  if (flags) flags[8] = (flags[8] ?? 0) & ~(HAS_EXIF | HAS_XMP);
  if (flags && orientation !== 1) {
    flags[8] = (flags[8] ?? 0) | HAS_EXIF;
    const exif = exifOf(orientation);
    pieces.push(bytesOf('EXIF', u32leBytes(exif.length), exif));
  }
  const bytes = pieces.reduce((sum, piece) => sum + ('from' in piece ? piece.to - piece.from : piece.length), 4);
  return [bytesOf('RIFF', u32leBytes(bytes), 'WEBP'), ...pieces];
}
