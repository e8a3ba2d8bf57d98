import { latin1, u32be, u64be } from '../reading/bytes.ts';
import { type FileType, type FormatRule, growing, unproven, whole } from '../reading/verdict.ts';
import type { Asking, Window } from '../reading/window.ts';

/** Possible first boxes of a file; films older than `ftyp` begin with one of the others. */
const FIRST_BOXES = new Set(['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot', 'styp']);
const IMAGE_BRANDS: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  avis: 'image/avif',
  heic: 'image/heic',
  heix: 'image/heic',
  hevc: 'image/heic-sequence',
  heim: 'image/heic',
  heis: 'image/heic',
  mif1: 'image/heif',
  msf1: 'image/heif-sequence',
};
const MAX_BOXES = 100_000;

type Box = { readonly type: string; readonly at: number; readonly body: number; readonly end: number };

export const looksLikeIsobmff = (head: Uint8Array): boolean => FIRST_BOXES.has(latin1(head, 4, 4));

/**
 * MP4, MOV, M4A, AVIF, HEIC. Whatever does not add up is `growing`, not `broken`: a writer that moves `moov` to the front rewrites the file in place,
 * and others see every stage of it.
 */
export function* isobmffRule(file: Window): FormatRule {
  const boxes = yield* walkBoxes(file, 0, file.size);
  if (typeof boxes === 'string') return growing(boxes);
  const find = (type: string): Box | undefined => boxes.find((box) => box.type === type);
  const last = boxes.at(-1);
  const moov = find('moov');
  const brand = latin1(yield* file.at(8, 4), 0, 4);
  const imageMime = find('ftyp') && IMAGE_BRANDS[brand];

  const isOpen = last?.end === Number.POSITIVE_INFINITY;
  if (!find('mdat') && !find('moof')) return growing('the media data is not there yet');
  if (imageMime && find('meta')) return (isOpen ? unproven : whole)({ kind: 'image', mime: imageMime });
  if (!moov) return growing('the index (moov) is not there yet');
  const handlers = yield* trackHandlers(file, moov);
  if (typeof handlers === 'string') return growing(handlers);
  const type = filmType(brand, handlers);
  if (isOpen) return unproven(type);
  // A fragmented film is playable after each fragment; only an index of the fragments closes it.
  return find('moof') && last?.type !== 'mfra' ? unproven(type) : whole(type);
}

function filmType(brand: string, handlers: ReadonlySet<string>): FileType {
  if (!handlers.has('vide') && handlers.has('soun')) return { kind: 'audio', mime: 'audio/mp4' };
  return { kind: 'video', mime: brand === 'qt  ' ? 'video/quicktime' : 'video/mp4' };
}

/** All boxes between `start` and `end`, or why they do not fill it exactly. An `end` of infinity marks a box of size 0, which runs to the end of the file. */
export function* walkBoxes(file: Window, start: number, end: number): Asking<readonly Box[] | string> {
  const boxes: Box[] = [];
  let at = start;
  while (at < end) {
    if (boxes.length >= MAX_BOXES) return `there are more than ${MAX_BOXES} boxes`;
    const head = yield* file.at(at, 16);
    const type = latin1(head, 4, 4);
    const short = u32be(head, 0);
    const headLength = short === 1 ? 16 : 8;
    if (head.length < headLength || at + headLength > end) return `the box at byte ${at} is cut`;
    if (!/^[\x20-\x7e\xa9]{4}$/.test(type)) return `byte ${at} does not start a box`;
    if (short === 0) {
      if (end !== file.size) return `the box at byte ${at} has no length`;
      boxes.push({ type, at, body: at + headLength, end: Number.POSITIVE_INFINITY });
      return boxes;
    }
    const length = short === 1 ? u64be(head, 8) : short;
    if (length < headLength) return `the box at byte ${at} has an impossible length`;
    if (at + length > end) return `the ${type} box at byte ${at} is not complete`;
    boxes.push({ type, at, body: at + headLength, end: at + length });
    at += length;
  }
  return boxes;
}

/** The media handlers of all tracks (`vide`, `soun`, ...), or why `moov` is not complete. */
function* trackHandlers(file: Window, moov: Box): Asking<ReadonlySet<string> | string> {
  const children = yield* walkBoxes(file, moov.body, Math.min(moov.end, file.size));
  if (typeof children === 'string') return children;
  if (!children.some((box) => box.type === 'mvhd')) return 'the index (moov) has no header';
  const handlers = new Set<string>();
  for (const track of children.filter((box) => box.type === 'trak')) {
    const handler = yield* findInside(file, track, ['mdia', 'hdlr']);
    if (typeof handler === 'string') return handler;
    handlers.add(latin1(yield* file.at(handler.body + 8, 4), 0, 4));
  }
  return handlers.size > 0 ? handlers : 'the index (moov) has no tracks';
}

function* findInside(file: Window, parent: Box, path: readonly string[]): Asking<Box | string> {
  let box = parent;
  for (const type of path) {
    const children = yield* walkBoxes(file, box.body, box.end);
    if (typeof children === 'string') return children;
    const child = children.find((candidate) => candidate.type === type);
    if (!child) return `a ${box.type} box has no ${type}`;
    box = child;
  }
  return box;
}
