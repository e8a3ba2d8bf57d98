import { u16be, u32be } from '../reading/bytes.ts';
import { type FormatRule, growing, unproven } from '../reading/verdict.ts';
import type { Measuring, Window } from '../reading/window.ts';

const HEADER = 26;

/** PSD and PSB: three sections that state their lengths, then the picture, which does not. */
export function* photoshopRule(file: Window): FormatRule {
  const isLarge = u16be(yield* file.at(4, 2), 0) === 2;
  let at = HEADER;
  for (const section of ['colours', 'resources', 'layers']) {
    const length = yield* file.at(at, 8);
    if (length.length < 8) return growing('the PSD has no picture yet');
    const isLong = isLarge && section === 'layers';
    at += isLong ? 8 + u32be(length, 0) * 2 ** 32 + u32be(length, 4) : 4 + u32be(length, 0);
  }
  if (at + 2 >= file.size) return growing('the PSD has no picture yet');
  return unproven({ kind: 'image', mime: 'image/vnd.adobe.photoshop' });
}

export function* photoshopSize(file: Window): Measuring {
  const head = yield* file.at(0, HEADER);
  return { width: u32be(head, 18), height: u32be(head, 14) };
}
