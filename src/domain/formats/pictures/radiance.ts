import { latin1 } from '../reading/bytes.ts';
import { type FormatRule, growing, unproven } from '../reading/verdict.ts';
import type { Asking, Measuring, Window } from '../reading/window.ts';

const MAX_HEADER = 16 * 1024;

/** Lines of text, an empty one, and one with the size. Packed rows do not state their number of bytes. */
export function* radianceRule(file: Window): FormatRule {
  const size = yield* radianceSize(file);
  return size === null
    ? growing('the HDR header is not complete')
    : unproven({ kind: 'image', mime: 'image/vnd.radiance' });
}

export function* radianceSize(file: Window): Measuring {
  const found = yield* sizeLine(file);
  return found && { width: Number(found[2]), height: Number(found[1]) };
}

function* sizeLine(file: Window): Asking<RegExpExecArray | null> {
  return /\n\n[-+]Y (\d{1,9}) [-+]X (\d{1,9})\n/.exec(latin1(yield* file.at(0, MAX_HEADER), 0, MAX_HEADER));
}
