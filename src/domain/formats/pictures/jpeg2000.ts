import { walkBoxes } from '../media/isobmff.ts';
import { latin1, u32be } from '../reading/bytes.ts';
import { type FormatRule, growing, whole } from '../reading/verdict.ts';
import type { Asking, Measuring, Window } from '../reading/window.ts';

const TYPE = { kind: 'image', mime: 'image/jp2' } as const;
export const JP2_SIGNATURE = '\0\0\0\x0cjP  \r\n\x87\n';
/** Start of a bare stream, and its size mark. */
export const J2K_SIGNATURE = '\xff\x4f\xff\x51';
const END = '\xff\xd9';

/** JP2 boxes or the bare stream. Packed data never holds the end mark, so it is the proof where the stream ends. */
export function* jpeg2000Rule(file: Window): FormatRule {
  const stream = yield* streamOf(file);
  if (typeof stream === 'string') return growing(stream);
  const last = yield* file.at(stream.end - 2, 2);
  return latin1(last, 0, 2) === END ? whole(TYPE) : growing('the JPEG 2000 has no end mark yet');
}

export function* jpeg2000Size(file: Window): Measuring {
  const stream = yield* streamOf(file);
  if (typeof stream === 'string') return null;
  const head = yield* file.at(stream.start, 24);
  return { width: u32be(head, 8) - u32be(head, 16), height: u32be(head, 12) - u32be(head, 20) };
}

function* streamOf(file: Window): Asking<{ start: number; end: number } | string> {
  const head = yield* file.at(0, 4);
  if (latin1(head, 0, 4) === J2K_SIGNATURE) return { start: 0, end: file.size };
  const boxes = yield* walkBoxes(file, 0, file.size);
  if (typeof boxes === 'string') return boxes;
  const box = boxes.find(({ type }) => type === 'jp2c');
  return box ? { start: box.body, end: Math.min(box.end, file.size) } : 'the picture of the JPEG 2000 is not there yet';
}
