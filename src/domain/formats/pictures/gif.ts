import { broken, type FormatRule, growing, whole } from '../reading/verdict.ts';
import type { Asking, Window } from '../reading/window.ts';

const MAX_BLOCKS = 4_000_000;

export function* gifRule(file: Window): FormatRule {
  const cut = growing('the GIF has no end mark yet');
  const head = yield* file.at(0, 13);
  if (head.length < 13) return cut;
  let at = 13 + tableLength(head[10] ?? 0);
  let pictureSeen = false;
  for (let count = 0; count < MAX_BLOCKS; count++) {
    const block = yield* file.at(at, 10);
    switch (block[0]) {
      case undefined:
        return cut;
      case 0:
        return growing('a part of the GIF has not arrived yet');
      case 0x3b:
        return pictureSeen ? whole({ kind: 'image', mime: 'image/gif' }) : broken('the GIF ends without a picture');
      case 0x21:
        at = yield* skipSubBlocks(file, at + 2);
        break;
      case 0x2c:
        if (block.length < 10) return cut;
        pictureSeen = true;
        at = yield* skipSubBlocks(file, at + 11 + tableLength(block[9] ?? 0));
        break;
      default:
        return broken(`byte ${at} of the GIF should start a block and does not`);
    }
  }
  return broken(`the GIF has more than ${MAX_BLOCKS} blocks`);
}

export const tableLength = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);

/** The end of the sub-blocks; beyond the end of the file if they are incomplete. */
export function* skipSubBlocks(file: Window, start: number): Asking<number> {
  let at = start;
  while (at < file.size) {
    const length = (yield* file.at(at, 1))[0] ?? 0;
    at += 1 + length;
    if (length === 0) return at;
  }
  return file.size + 1;
}
