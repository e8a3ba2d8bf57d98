import { MAX_SEGMENTS, SCAN } from '../pictures/jpeg.ts';
import { latin1, u16be, u16le, u32be, u32le } from '../reading/bytes.ts';
import type { Asking, Window } from '../reading/window.ts';

const MAX_EXIF = 16 * 1024 * 1024;
const MAX_CHUNKS = 200_000;
const APP1 = 0xe1;
const ASCII = 2;
const EXIF_DIRECTORY = 0x8769;
const USER_COMMENT = 0x9286;

/** ComfyUI's WebP has a text tag for each key, `key:json`. */
export function* webpText(file: Window, key: string): Asking<string | null> {
  let at = 12;
  for (let count = 0; count < MAX_CHUNKS; count++) {
    const head = yield* file.at(at, 8);
    if (head.length < 8) return null;
    const length = u32le(head, 4);
    if (latin1(head, 0, 4) === 'EXIF') return exifText(yield* file.all(at + 8, Math.min(length, MAX_EXIF)), key);
    at += 8 + length + (length % 2);
  }
  return null;
}

/** Custom nodes write the same tags into a JPEG, or one as the user's comment. */
export function* jpegText(file: Window, key: string): Asking<string | null> {
  let at = 2;
  for (let count = 0; count < MAX_SEGMENTS; count++) {
    const head = yield* file.at(at, 10);
    const marker = head[1] ?? 0;
    if (head.length < 10 || head[0] !== 0xff || marker === SCAN) return null;
    const length = u16be(head, 2);
    if (marker === APP1 && latin1(head, 4, 6) === 'Exif\0\0') {
      const text = exifText(yield* file.all(at + 4, length - 2), key);
      if (text !== null) return text;
    }
    at += marker === 0xff ? 1 : 2 + length;
  }
  return null;
}

/** Decodes one text only: the directory of a crafted file can point thousands of times at the same megabytes. */
function exifText(bytes: Uint8Array, key: string): string | null {
  const exif = latin1(bytes, 0, 6) === 'Exif\0\0' ? bytes.subarray(6) : bytes;
  const isLittle = latin1(exif, 0, 2) === 'II';
  const u16 = isLittle ? u16le : u16be;
  const u32 = isLittle ? u32le : u32be;
  const directories = [u32(exif, 4)];
  for (const directory of directories) {
    for (let index = 0; index < u16(exif, directory); index++) {
      const entry = directory + 2 + index * 12;
      const tag = u16(exif, entry);
      const length = u32(exif, entry + 4);
      const valueAt = length > 4 ? u32(exif, entry + 8) : entry + 8;
      const value = exif.subarray(valueAt, valueAt + length);
      if (tag === EXIF_DIRECTORY && directories.length === 1) directories.push(u32(exif, entry + 8));
      if (tag !== USER_COMMENT && u16(exif, entry + 2) !== ASCII) continue;
      const text = tag === USER_COMMENT ? commentOf(value, key) : afterKey(value, key, 'utf-8');
      if (text !== null) return text;
    }
  }
  return null;
}

/** The first eight bytes name the alphabet. */
function commentOf(value: Uint8Array, key: string): string | null {
  const text = value.subarray(8);
  if (latin1(value, 0, 7) !== 'UNICODE') return afterKey(text, key, 'utf-8');
  return afterKey(text, key, text[0] === 0 ? 'utf-16be' : 'utf-16le');
}

function afterKey(bytes: Uint8Array, key: string, encoding: 'utf-8' | 'utf-16be' | 'utf-16le'): string | null {
  const start = (key.length + 1) * (encoding === 'utf-8' ? 1 : 2);
  const decode = (part: Uint8Array): string => new TextDecoder(encoding).decode(part);
  if (decode(bytes.subarray(0, start)).toLowerCase() !== `${key}:`.toLowerCase()) return null;
  return decode(bytes.subarray(start)).replace(/\0+$/, '');
}
