import { PNG_SIGNATURE, pngChunk } from '../formats/pictures/png.ts';
import type { Window } from '../formats/reading/window.ts';
import { exifOf, orientationOf } from './exif.ts';
import { bytesOf, type Cleaning, keep, MAX_PARTS, MAX_TEXT, type Piece, u32beBytes } from './piece.ts';

/** What a picture looks like: pixels, colours, transparency, density, animation. Everything else may contain text. */
const SHOWN = new Set(
  'IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST sPLT pHYs acTL fcTL fdAT'.split(' '),
);

export function* cleanPng(file: Window): Cleaning {
  const pieces: Piece[] = [];
  let at = PNG_SIGNATURE.length;
  keep(pieces, 0, at);
  for (let count = 0; count < MAX_PARTS; count++) {
    const chunk = yield* pngChunk(file, at);
    if (typeof chunk === 'string') return null;
    if (SHOWN.has(chunk.type)) keep(pieces, at, chunk.next);
    if (chunk.type === 'eXIf') {
      const orientation = orientationOf(yield* file.all(chunk.body, Math.min(chunk.length, MAX_TEXT)));
      if (orientation !== 1) pieces.push(pngChunkOf('eXIf', exifOf(orientation)));
    }
    if (chunk.type === 'IEND') return pieces;
    at = chunk.next;
  }
  return null;
}

function pngChunkOf(type: string, body: Uint8Array): Uint8Array {
  const named = bytesOf(type, body);
  return bytesOf(u32beBytes(body.length), named, u32beBytes(crc32(named)));
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
