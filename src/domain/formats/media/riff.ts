import { latin1, u32le, u64le } from '../reading/bytes.ts';
import { broken, type FileType, type FormatRule, growing, sized, unproven } from '../reading/verdict.ts';
import type { Asking, Window } from '../reading/window.ts';

const FORMS: Readonly<Record<string, FileType>> = {
  WEBP: { kind: 'image', mime: 'image/webp' },
  WAVE: { kind: 'audio', mime: 'audio/wav' },
  'AVI ': { kind: 'video', mime: 'video/x-msvideo' },
};
const MAX_CHUNKS = 10_000;
/** From here on a size means "unknown": 0xFFFFFFFF of ffmpeg and speech models, 0x7FFFF000 and the like of sox. */
const PLACEHOLDER = 0x7ffff000;
const ALL_ONES = 2 ** 64;

/** WEBP, WAV (also RF64, for more than 4 GB) and AVI. A writer of a stream cannot put sizes into its header: then only a quiet period can show that it is complete. */
export function* riffRule(file: Window): FormatRule {
  const head = yield* file.at(0, 28);
  if (head.length < 12) return growing('the RIFF header is not complete');
  const form = latin1(head, 8, 4);
  const type = FORMS[form];
  if (!type) return broken(`a RIFF file of the unknown form "${form}"`);
  const isLong = latin1(head, 0, 4) !== 'RIFF';
  if (isLong && head.length < 28) return growing('the RF64 header is not complete');
  const length = isLong ? u64le(head, 20) : u32le(head, 4);
  const end = 8 + length;
  if (form === 'WEBP') return sized(file, padded(end, file), type);

  const content = form === 'WAVE' ? 'data' : 'LIST';
  const found = yield* lengthOf(file, content);
  if (found === null) return growing(`the ${form.trim()} has no ${content} chunk yet`);
  const isPlaceholder = isLong ? length >= ALL_ONES : length >= PLACEHOLDER && file.size < end;
  if (length === 0 || isPlaceholder) return unproven(type);
  const verdict = sized(file, padded(end, file), type);
  // An empty data chunk is an empty sound, or a header whose sizes are written at the end.
  return found === 0 && verdict.state === 'whole' ? unproven(type) : verdict;
}

/** Some writers add the last pad byte without counting it. */
const padded = (end: number, { size }: { size: number }): number => (size === end + 1 && end % 2 === 1 ? size : end);

/** The length that the first chunk of this type states; null if there is none. */
function* lengthOf(file: Window, type: string): Asking<number | null> {
  let at = 12;
  for (let count = 0; count < MAX_CHUNKS; count++) {
    const head = yield* file.at(at, 8);
    if (head.length < 8) return null;
    const length = u32le(head, 4);
    if (latin1(head, 0, 4) === type) return length;
    at += 8 + length + (length % 2);
  }
  return null;
}
