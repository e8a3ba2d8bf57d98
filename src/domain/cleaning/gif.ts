import { skipSubBlocks, tableLength } from '../formats/pictures/gif.ts';
import { latin1 } from '../formats/reading/bytes.ts';
import type { Window } from '../formats/reading/window.ts';
import { type Cleaning, keep, MAX_PARTS, type Piece } from './piece.ts';

const CONTROL = 0xf9;
const PLAIN_TEXT = 0x01;
const APPLICATION = 0xff;
/** The applications that define how often an animation repeats. */
const REPEATS = new Set(['NETSCAPE2.0', 'ANIMEXTS1.0']);

export function* cleanGif(file: Window): Cleaning {
  const pieces: Piece[] = [];
  const head = yield* file.at(0, 13);
  if (head.length < 13) return null;
  let at = 13 + tableLength(head[10] ?? 0);
  keep(pieces, 0, at);
  for (let count = 0; count < MAX_PARTS; count++) {
    const block = yield* file.at(at, 14);
    if (block[0] === 0x3b) {
      keep(pieces, at, at + 1);
      return pieces;
    }
    if (block.length < 10 || (block[0] !== 0x21 && block[0] !== 0x2c)) return null;
    const isPicture = block[0] === 0x2c;
    const next = yield* skipSubBlocks(file, isPicture ? at + 11 + tableLength(block[9] ?? 0) : at + 2);
    if (next > file.size) return null;
    const isShown =
      isPicture ||
      block[1] === CONTROL ||
      block[1] === PLAIN_TEXT ||
      (block[1] === APPLICATION && REPEATS.has(latin1(block, 3, 11)));
    if (isShown) keep(pieces, at, next);
    at = next;
  }
  return null;
}
