import { latin1, u16le, u32le } from '../reading/bytes.ts';
import { broken, type FormatRule, growing, unproven, whole } from '../reading/verdict.ts';
import type { Measuring, Window } from '../reading/window.ts';

const HEADERS = new Set([12, 40, 52, 56, 64, 108, 124]);
const RUN_LENGTHS = new Set([1, 2]);

/** Two letters are a weak signature: two reserved words of zero and a known header must follow. */
export const looksLikeBmp = (head: Uint8Array): boolean =>
  latin1(head, 0, 2) === 'BM' && u32le(head, 6) === 0 && HEADERS.has(u32le(head, 14));

export function* bmpRule(file: Window): FormatRule {
  const head = yield* file.at(0, 54);
  if (head.length < 54) return growing('the BMP header is not complete');
  const claimed = u32le(head, 2);
  const { width, height, bits } = shapeOf(head);
  if (width === 0 || height === 0 || bits === 0) return broken('the BMP header describes no picture');
  const isPacked = u32le(head, 14) > 12 && RUN_LENGTHS.has(u32le(head, 30));
  const pixels = isPacked ? 0 : Math.ceil((width * bits) / 32) * 4 * height;
  const end = isPacked ? claimed : u32le(head, 10) + pixels;
  if (file.size < end) return growing(`${file.size} of ${end} bytes are there`);
  return (file.size === claimed ? whole : unproven)({ kind: 'image', mime: 'image/bmp' });
}

export function* bmpSize(file: Window): Measuring {
  const { width, height } = shapeOf(yield* file.at(0, 54));
  return { width, height };
}

/** A negative height means that rows go from top to bottom. */
function shapeOf(head: Uint8Array): { width: number; height: number; bits: number } {
  if (u32le(head, 14) === 12) return { width: u16le(head, 18), height: u16le(head, 20), bits: u16le(head, 24) };
  return { width: u32le(head, 18), height: Math.abs(u32le(head, 22) | 0), bits: u16le(head, 28) };
}
