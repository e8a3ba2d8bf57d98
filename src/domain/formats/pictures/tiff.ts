import { u16be, u16le, u32be, u32le, u64be, u64le } from '../reading/bytes.ts';
import { type FormatRule, growing, unproven } from '../reading/verdict.ts';
import type { Window } from '../reading/window.ts';

/** Writers put the place of the directory into the header last; only a full read would show where the picture's strips end. */
export function* tiffRule(file: Window): FormatRule {
  const head = yield* file.at(0, 16);
  if (head.length < 16) return growing('the TIFF header is not complete');
  const isLittle = head[0] === 0x49;
  const isBig = (isLittle ? u16le(head, 2) : u16be(head, 2)) === 43;
  const directory = isBig ? (isLittle ? u64le : u64be)(head, 8) : (isLittle ? u32le : u32be)(head, 4);
  if (directory === 0 || directory >= file.size) return growing('the TIFF has no directory yet');
  return unproven({ kind: 'image', mime: 'image/tiff' });
}
