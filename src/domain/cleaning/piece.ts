import type { Asking } from '../formats/reading/window.ts';

/** A part of the original, or bytes that replace a part. */
export type Piece = { readonly from: number; readonly to: number } | Uint8Array;

/** Asks for bytes and returns the pieces of a clean copy; null if the file does not follow its format. */
export type Cleaning = Asking<readonly Piece[] | null>;

export const MAX_PARTS = 4_000_000;
export const MAX_TEXT = 16 * 1024 * 1024;

/** Adds a stretch, as one with the stretch before it where they touch. */
export function keep(pieces: Piece[], from: number, to: number): void {
  const last = pieces.at(-1);
  if (last && 'from' in last && last.to === from) pieces[pieces.length - 1] = { from: last.from, to };
  else pieces.push({ from, to });
}

export const bytesOf = (...parts: readonly (Uint8Array | string)[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'string' ? [...part].map((c) => c.charCodeAt(0)) : [...part])),
  );
export const u32beBytes = (value: number): Uint8Array =>
  Uint8Array.from([24, 16, 8, 0], (shift) => (value >>> shift) & 0xff);
export const u32leBytes = (value: number): Uint8Array => u32beBytes(value).reverse();
