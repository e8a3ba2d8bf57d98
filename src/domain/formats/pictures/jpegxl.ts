import { walkBoxes } from '../media/isobmff.ts';
import { u16be, u32be } from '../reading/bytes.ts';
import { type FormatRule, growing, unproven, whole } from '../reading/verdict.ts';
import type { Asking, Measuring, Window } from '../reading/window.ts';

const TYPE = { kind: 'image', mime: 'image/jxl' } as const;
export const JXL_SIGNATURE = '\0\0\0\x0cJXL \r\n\x87\n';
const STREAM = 0xff0a;
/** Width over height, by code from 1 on; 0 = the width is stated. */
const RATIOS = [
  [1, 1],
  [12, 10],
  [4, 3],
  [3, 2],
  [16, 9],
  [5, 4],
  [2, 1],
] as const;
const BITS = [9, 13, 18, 30] as const;

/** The bare stream has a signature of only two bytes and no end mark; boxes have both. */
export const isBareJpegxl = (head: Uint8Array): boolean => u16be(head, 0) === STREAM;

export function* jpegxlRule(file: Window): FormatRule {
  if (isBareJpegxl(yield* file.at(0, 2))) return unproven(TYPE);
  const boxes = yield* walkBoxes(file, 0, file.size);
  if (typeof boxes === 'string') return growing(boxes);
  if (boxes.at(-1)?.end === Number.POSITIVE_INFINITY) return unproven(TYPE);
  if (boxes.some(({ type }) => type === 'jxlc')) return whole(TYPE);
  // A picture in parts: the number of the last one has its highest bit set.
  for (const part of boxes.filter(({ type }) => type === 'jxlp').reverse())
    if ((u32be(yield* file.at(part.body, 4), 0) & 0x80000000) !== 0) return whole(TYPE);
  return growing('the picture of the JPEG XL is not complete');
}

export function* jpegxlSize(file: Window): Measuring {
  const start = yield* streamStart(file);
  const head = start === null ? new Uint8Array() : yield* file.at(start, 16);
  if (!isBareJpegxl(head)) return null;
  let at = 16;
  const read = (bits: number): number => {
    let value = 0;
    for (let bit = 0; bit < bits; bit++, at++) value += (((head[at >> 3] ?? 0) >> (at & 7)) & 1) * 2 ** bit;
    return value;
  };
  const isSmall = read(1) === 1;
  const side = (): number => 1 + (isSmall ? read(5) * 8 + 7 : read(BITS[read(2)] ?? 0));
  const height = side();
  const ratio = RATIOS[read(3) - 1];
  return { height, width: ratio ? Math.floor((height * ratio[0]) / ratio[1]) : side() };
}

function* streamStart(file: Window): Asking<number | null> {
  if (isBareJpegxl(yield* file.at(0, 2))) return 0;
  const boxes = yield* walkBoxes(file, 0, file.size);
  if (typeof boxes === 'string') return null;
  const box = boxes.find(({ type }) => type === 'jxlc' || type === 'jxlp');
  return box ? box.body + (box.type === 'jxlp' ? 4 : 0) : null;
}
