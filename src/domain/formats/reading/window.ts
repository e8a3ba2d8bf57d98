import type { ByteRange } from './verdict.ts';

export type Asking<T> = Generator<ByteRange, T, Uint8Array>;
/** How large a picture is. */
export type Measuring = Asking<{ readonly width: number; readonly height: number } | null>;

export const MAX_READ = 1024 * 1024;
const FIRST_READ = 32 * 1024;

/** The part of a file that a rule has read. Reads ahead, twice as far with each sequential read, so that many small parts cost few reads. */
export class Window {
  readonly size: number;
  #start = 0;
  #bytes: Uint8Array = new Uint8Array();
  #reach = FIRST_READ;

  constructor(size: number) {
    this.size = size;
  }

  /** Up to MAX_READ bytes; fewer than asked only at the end of the file. */
  *at(offset: number, length: number): Asking<Uint8Array> {
    if (offset < 0 || offset >= this.size) return new Uint8Array();
    const wanted = Math.min(length, MAX_READ, this.size - offset);
    const known = this.#start + this.#bytes.length;
    if (offset < this.#start || offset + wanted > known) {
      const straightOn = offset >= this.#start && offset <= known + this.#reach;
      this.#reach = straightOn ? Math.min(this.#reach * 2, MAX_READ) : FIRST_READ;
      this.#bytes = yield { offset, length: Math.min(Math.max(wanted, this.#reach), this.size - offset) };
      this.#start = offset;
    }
    return this.#bytes.subarray(offset - this.#start, offset - this.#start + wanted);
  }

  /** Any number of bytes, in reads of at most MAX_READ. The caller bounds `length`. */
  *all(offset: number, length: number): Asking<Uint8Array> {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
    let filled = 0;
    while (filled < bytes.length) {
      const part = yield* this.at(offset + filled, bytes.length - filled);
      if (part.length === 0) return bytes.subarray(0, filled);
      bytes.set(part, filled);
      filled += part.length;
    }
    return bytes;
  }
}
