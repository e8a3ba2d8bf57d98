import { latin1, u16le, u32le } from '../reading/bytes.ts';
import { type FormatRule, growing, whole } from '../reading/verdict.ts';
import type { Window } from '../reading/window.ts';

const END_LENGTH = 22;
const LOCATOR_LENGTH = 20;

/** The directory at the end of an archive states where it begins, so it must end exactly at its end record. */
export function* zipRule(file: Window): FormatRule {
  const tailLength = Math.min(file.size, LOCATOR_LENGTH + END_LENGTH + 0xffff);
  const tail = yield* file.at(file.size - tailLength, tailLength);
  for (let at = tail.length - END_LENGTH; at >= 0; at--) {
    if (tail[at] !== 0x50 || latin1(tail, at, 4) !== 'PK\x05\x06') continue;
    if (at + END_LENGTH + u16le(tail, at + 20) !== tail.length) continue;
    const directoryEnd = u32le(tail, at + 12) + u32le(tail, at + 16);
    const isLong = latin1(tail, at - LOCATOR_LENGTH, 4) === 'PK\x06\x07';
    if (isLong || directoryEnd === file.size - tail.length + at)
      return whole({ kind: 'other', mime: 'application/zip' });
  }
  return growing('the directory of the archive is not there yet');
}
