import type { ResultKind } from '../../file-facts.ts';

export type ByteRange = { readonly offset: number; readonly length: number };

/**
 * whole: the format itself proves that nothing is missing.
 * growing: a proper beginning, the end is still to come.
 * broken: more bytes can never make it whole.
 * unproven: the format has no end mark; only a quiet period can show that it is complete.
 */
export type Verdict =
  | { readonly state: 'whole'; readonly kind: ResultKind; readonly mime: string }
  | { readonly state: 'unproven'; readonly kind: ResultKind; readonly mime: string }
  | { readonly state: 'growing'; readonly why: string }
  | { readonly state: 'broken'; readonly why: string };

/** A rule asks for bytes and ends in a verdict; its caller does the reading. An answer is shorter than asked at the end of the file. */
export type FormatRule = Generator<ByteRange, Verdict, Uint8Array>;

export type FileType = { readonly kind: ResultKind; readonly mime: string };

export const whole = (type: FileType): Verdict => ({ state: 'whole', ...type });
export const unproven = (type: FileType): Verdict => ({ state: 'unproven', ...type });
export const growing = (why: string): Verdict => ({ state: 'growing', why });
export const broken = (why: string): Verdict => ({ state: 'broken', why });

/** For formats that state their own length at the start: a file that is longer than that has a header that may still be rewritten. */
export function sized(file: { readonly size: number }, end: number, type: FileType): Verdict {
  if (file.size < end) return growing(`${file.size} of ${end} bytes are there`);
  return file.size === end ? whole(type) : unproven(type);
}
