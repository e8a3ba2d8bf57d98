import { latin1, u32le, u64le } from './bytes.ts';
import { broken, type FileType, type FormatRule, growing, sized } from './verdict.ts';
import type { Asking, Window } from './window.ts';

const FORMS: Readonly<Record<string, FileType>> = {
  WEBP: { kind: 'image', mime: 'image/webp' },
  WAVE: { kind: 'audio', mime: 'audio/wav' },
  'AVI ': { kind: 'video', mime: 'video/x-msvideo' },
};
const MAX_CHUNKS = 10_000;

/** WEBP, WAV (also RF64, for more than 4 GB) and AVI. */
export function* riffRule(file: Window): FormatRule {
  const head = yield* file.at(0, 28);
  if (head.length < 12) return growing('the RIFF header is not complete');
  const form = latin1(head, 8, 4);
  const type = FORMS[form];
  if (!type) return broken(`a RIFF file of the unknown form "${form}"`);
  const isLong = latin1(head, 0, 4) !== 'RIFF';
  if (isLong && head.length < 28) return growing('the RF64 header is not complete');
  const end = 8 + (isLong ? u64le(head, 20) : u32le(head, 4));
  if (form === 'WAVE' && !(yield* hasSamples(file))) return growing('the WAV has no samples yet');
  // Some writers add the last pad byte without counting it.
  return sized(file, file.size === end + 1 && end % 2 === 1 ? end + 1 : end, type);
}

/** A WAV is started with an empty `data` chunk and gets its sizes at the end. */
function* hasSamples(file: Window): Asking<boolean> {
  let at = 12;
  for (let count = 0; count < MAX_CHUNKS; count++) {
    const head = yield* file.at(at, 8);
    if (head.length < 8) return false;
    const length = u32le(head, 4);
    if (latin1(head, 0, 4) === 'data') return length > 0;
    at += 8 + length + (length % 2);
  }
  return false;
}
