/** One file of an archive. `time` is its moment; `clock` is what a clock on the wall showed then, as if that clock were UTC. */
export type ZipFile = { readonly name: string; readonly bytes: number; readonly time: number; readonly clock: number };

type Placed = ZipFile & {
  /** Of its header. Its bytes follow the header. */
  readonly at: number;
  readonly dataAt: number;
};

/**
 * Where everything of an archive lies. Files are stored as they are (pictures and films do not get smaller), so this is known without reading a byte of
 * them: the length can be told beforehand, and a download that was cut can go on at any byte.
 */
export type ZipLayout = {
  readonly files: readonly Placed[];
  readonly directoryAt: number;
  readonly endAt: number;
  readonly bytes: number;
};

/** From here on a number stands in the long fields of zip64. */
const LONG = 0xffffffff;
const MANY = 0xffff;
const VERSION_20 = 20;
const VERSION_45 = 45;
/** The directory's "made by": on Unix, where the upper half of the external attributes is the file's mode. */
const UNIX = 3 << 8;
const MODE = (0o100644 << 16) >>> 0;
const NAME_IS_UTF8 = 1 << 11;
const TIME_LENGTH = 9;

const encoder = new TextEncoder();
const isLong = (n: number): boolean => n >= LONG;

/** The long fields of a file in the directory, in the order that the format asks for. */
const longsOf = ({ bytes, at }: Placed): number[] => [
  ...(isLong(bytes) ? [bytes, bytes] : []),
  ...(isLong(at) ? [at] : []),
];

const nameLength = (name: string): number => encoder.encode(name).length;
const longLength = (longs: number): number => (longs === 0 ? 0 : 4 + 8 * longs);
const headerLength = ({ name, bytes }: ZipFile): number =>
  30 + nameLength(name) + longLength(isLong(bytes) ? 2 : 0) + TIME_LENGTH;
/** Of a file's entry in the directory. */
export const recordLength = (file: Placed): number =>
  46 + nameLength(file.name) + longLength(longsOf(file).length) + TIME_LENGTH;

export function layOut(files: readonly ZipFile[]): ZipLayout {
  const placed: Placed[] = [];
  let at = 0;
  for (const file of files) {
    const dataAt = at + headerLength(file);
    placed.push({ ...file, at, dataAt });
    at = dataAt + file.bytes;
  }
  const endAt = placed.reduce((end, file) => end + recordLength(file), at);
  const layout = { files: placed, directoryAt: at, endAt, bytes: 0 };
  return { ...layout, bytes: endAt + end(layout).length };
}

/** The first file whose header or bytes reach beyond this place. */
export function fileAt({ files }: ZipLayout, place: number): number {
  let low = 0;
  let high = files.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const file = files[middle];
    if (file && file.dataAt + file.bytes > place) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Writes numbers of 2, 4 and 8 bytes, little end first, and bytes. */
class Writer {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
    this.#view = new DataView(this.bytes.buffer);
  }

  two(n: number): this {
    this.#view.setUint16(this.#at, n, true);
    this.#at += 2;
    return this;
  }

  four(n: number): this {
    this.#view.setUint32(this.#at, n, true);
    this.#at += 4;
    return this;
  }

  eight(n: number): this {
    this.#view.setBigUint64(this.#at, BigInt(n), true);
    this.#at += 8;
    return this;
  }

  put(part: Uint8Array): this {
    this.bytes.set(part, this.#at);
    this.#at += part.length;
    return this;
  }
}

/** Years of the old clock are 1980 to 2107, and it counts in steps of two seconds. */
function oldClock(clock: number): { time: number; date: number } {
  const then = new Date(Math.min(Math.max(clock, Date.UTC(1980, 0, 1)), Date.UTC(2107, 11, 31)));
  return {
    time: (then.getUTCHours() << 11) | (then.getUTCMinutes() << 5) | (then.getUTCSeconds() >> 1),
    date: ((then.getUTCFullYear() - 1980) << 9) | ((then.getUTCMonth() + 1) << 5) | then.getUTCDate(),
  };
}

/** The extra fields: long numbers, and the moment in UTC, which the old clock cannot tell. */
function putExtras(out: Writer, longs: readonly number[], time: number): void {
  if (longs.length > 0) out.two(0x0001).two(8 * longs.length);
  for (const long of longs) out.eight(long);
  out.two(0x5455).two(5).put(Uint8Array.of(1));
  out.four(Math.floor(time / 1000) >>> 0);
}

export function header(file: Placed, crc: number): Uint8Array {
  const { time, date } = oldClock(file.clock);
  const long = isLong(file.bytes);
  const size = long ? LONG : file.bytes;
  const name = encoder.encode(file.name);
  const out = new Writer(headerLength(file))
    .four(0x04034b50)
    .two(long ? VERSION_45 : VERSION_20)
    .two(NAME_IS_UTF8)
    .two(0)
    .two(time)
    .two(date)
    .four(crc)
    .four(size)
    .four(size)
    .two(name.length)
    .two(longLength(long ? 2 : 0) + TIME_LENGTH)
    .put(name);
  putExtras(out, long ? [file.bytes, file.bytes] : [], file.time);
  return out.bytes;
}

/** A file's entry in the directory. */
export function record(file: Placed, crc: number): Uint8Array {
  const { time, date } = oldClock(file.clock);
  const longs = longsOf(file);
  const version = longs.length > 0 ? VERSION_45 : VERSION_20;
  const size = isLong(file.bytes) ? LONG : file.bytes;
  const name = encoder.encode(file.name);
  const out = new Writer(recordLength(file))
    .four(0x02014b50)
    .two(UNIX | version)
    .two(version)
    .two(NAME_IS_UTF8)
    .two(0)
    .two(time)
    .two(date)
    .four(crc)
    .four(size)
    .four(size)
    .two(name.length)
    .two(longLength(longs.length) + TIME_LENGTH)
    .two(0)
    .two(0)
    .two(0)
    .four(MODE)
    .four(isLong(file.at) ? LONG : file.at)
    .put(name);
  putExtras(out, longs, file.time);
  return out.bytes;
}

/** What closes the archive. */
export function end({ files, directoryAt, endAt }: Omit<ZipLayout, 'bytes'>): Uint8Array {
  const count = files.length;
  const length = endAt - directoryAt;
  const long = count >= MANY || isLong(directoryAt) || isLong(length);
  const out = new Writer((long ? 56 + 20 : 0) + 22);
  if (long)
    out
      .four(0x06064b50)
      .eight(44)
      .two(UNIX | VERSION_45)
      .two(VERSION_45)
      .four(0)
      .four(0)
      .eight(count)
      .eight(count)
      .eight(length)
      .eight(directoryAt)
      .four(0x07064b50)
      .four(0)
      .eight(endAt)
      .four(1);
  return out
    .four(0x06054b50)
    .two(0)
    .two(0)
    .two(Math.min(count, MANY))
    .two(Math.min(count, MANY))
    .four(Math.min(length, LONG))
    .four(Math.min(directoryAt, LONG))
    .two(0).bytes;
}
