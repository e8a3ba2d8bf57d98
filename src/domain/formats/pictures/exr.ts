import { latin1, u32le, u64le } from '../reading/bytes.ts';
import { broken, type FormatRule, growing, unproven, whole } from '../reading/verdict.ts';
import { type Asking, MAX_READ, type Measuring, type Window } from '../reading/window.ts';

const TYPE = { kind: 'image', mime: 'image/x-exr' } as const;
const MAX_HEADER = 16 * 1024 * 1024;
const MAX_ATTRIBUTES = 10_000;
const TILED = 0x200;
const LONG_NAMES = 0x400;
const DEEP = 0x800;
const MULTIPART = 0x1000;
/** By compression: none, RLE, ZIP of one line, ZIP, PIZ, PXR24, B44, B44A, DWAA, DWAB. */
const LINES_PER_CHUNK = [1, 1, 1, 16, 32, 16, 32, 32, 32, 256];

type Header = { readonly lines: number; readonly width: number; readonly compression: number; readonly end: number };

/**
 * One picture in lines: a table of offsets follows the header, is written last, and states where each chunk of lines starts; a chunk states its length.
 * Pictures in tiles, in several parts and deep ones are rare, and have no short proof.
 */
export function* exrRule(file: Window): FormatRule {
  const head = yield* file.at(0, 8);
  if (head.length < 8) return growing('the EXR header is not complete');
  const header = yield* readHeader(file);
  if (typeof header === 'string') return file.size > MAX_HEADER ? unproven(TYPE) : growing(header);
  const lines = LINES_PER_CHUNK[header.compression];
  if ((u32le(head, 4) & (TILED | DEEP | MULTIPART)) !== 0 || lines === undefined) return unproven(TYPE);
  if (header.lines <= 0 || header.width <= 0) return broken('the EXR header describes no picture');

  const tableEnd = header.end + Math.ceil(header.lines / lines) * 8;
  if (tableEnd > file.size) return growing('the table of the EXR is not complete');
  let last = 0;
  for (let at = header.end; at < tableEnd; at += MAX_READ) {
    const table = yield* file.all(at, Math.min(MAX_READ, tableEnd - at));
    for (let entry = 0; entry < table.length; entry += 8) {
      const offset = u64le(table, entry);
      if (offset < tableEnd) return growing('the table of the EXR is not filled yet');
      last = Math.max(last, offset);
    }
  }
  const chunk = yield* file.at(last, 8);
  if (chunk.length < 8) return growing('the last lines of the EXR are not there yet');
  const end = last + 8 + u32le(chunk, 4);
  if (file.size < end) return growing(`${file.size} of ${end} bytes are there`);
  return (file.size === end ? whole : unproven)(TYPE);
}

export function* exrSize(file: Window): Measuring {
  const header = yield* readHeader(file);
  return typeof header === 'string' ? null : { width: header.width, height: header.lines };
}

/** Attributes are name, type, length and value, up to an empty name; or the reason why they cannot be read. */
function* readHeader(file: Window): Asking<Header | string> {
  const longestName = (u32le(yield* file.at(4, 4), 0) & LONG_NAMES) !== 0 ? 255 : 31;
  let box: readonly [number, number, number, number] | null = null;
  let compression = -1;
  let at = 8;
  for (let count = 0; count < MAX_ATTRIBUTES && at < MAX_HEADER; count++) {
    const head = yield* file.at(at, 2 * (longestName + 1) + 4 + 16);
    const nameEnd = head.indexOf(0);
    if (nameEnd < 0) return 'the EXR header is not complete';
    if (nameEnd === 0) {
      if (!box) return 'the EXR header does not say how large the picture is';
      return { width: box[2] - box[0] + 1, lines: box[3] - box[1] + 1, compression, end: at + 1 };
    }
    const typeEnd = head.indexOf(0, nameEnd + 1);
    const value = typeEnd + 5;
    if (typeEnd < 0 || head.length < value) return 'the EXR header is not complete';
    const name = latin1(head, 0, nameEnd);
    if (name === 'compression') compression = head[value] ?? -1;
    if (name === 'dataWindow' && head.length >= value + 16) {
      const edge = (index: number): number => u32le(head, value + index * 4) | 0;
      box = [edge(0), edge(1), edge(2), edge(3)];
    }
    at += value + u32le(head, typeEnd + 1);
  }
  return 'the EXR header has no end';
}
