import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layOut, type ZipFile } from '#src/domain/files/zip.ts';
import { type ZipSource, zipRange } from './zip-range.ts';

const GB = 1024 ** 3;
const clock = Date.UTC(2026, 10, 23, 16, 20, 4);
const file = (name: string, bytes: number): ZipFile => ({ name, bytes, time: clock - 3_600_000, clock });

/** Bytes that depend on file and place alone. */
const byteOf = (index: number, place: number): number => (index * 31 + place * 7 + (place >> 8)) & 0xff;
const sourceOf = (files: readonly ZipFile[]): ZipSource => ({
  crc: async (index) =>
    crc32(Uint8Array.from({ length: files[index]?.bytes ?? 0 }, (_, place) => byteOf(index, place))),
  async *read(index, from, to) {
    for (let at = from; at < to; at += 1000)
      yield Uint8Array.from({ length: Math.min(1000, to - at) }, (_, step) => byteOf(index, at + step));
  },
});
/** Of files that are too large to be made up: their bytes are never asked for. */
const unread: ZipSource = {
  crc: async (index) => index + 1,
  read: () => {
    throw new Error('no byte of a file is asked for');
  },
};

async function bytesOf(files: readonly ZipFile[], from: number, to: number, source = sourceOf(files)): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of zipRange(layOut(files), source, from, to)) parts.push(part);
  return Buffer.concat(parts);
}

/** Reads the directory as the format's own description says, from the end. */
function directory(tail: Buffer, tailAt: number) {
  const small = tail.length - 22;
  expect(tail.readUInt32LE(small)).toBe(0x06054b50);
  let count = tail.readUInt16LE(small + 10);
  let at = tail.readUInt32LE(small + 16);
  if (small >= 20 && tail.readUInt32LE(small - 20) === 0x07064b50) {
    const long = Number(tail.readBigUInt64LE(small - 20 + 8)) - tailAt;
    expect(tail.readUInt32LE(long)).toBe(0x06064b50);
    count = Number(tail.readBigUInt64LE(long + 32));
    at = Number(tail.readBigUInt64LE(long + 48));
  }
  const found: { name: string; bytes: number; crc: number; at: number; utf8: boolean }[] = [];
  for (let place = at - tailAt; found.length < count; ) {
    if (tail.readUInt32LE(place) !== 0x02014b50) throw new Error(`no record at ${place}`);
    const name = tail.toString('utf8', place + 46, place + 46 + tail.readUInt16LE(place + 28));
    let extra = place + 46 + tail.readUInt16LE(place + 28);
    const after = extra + tail.readUInt16LE(place + 30);
    const entry = { bytes: tail.readUInt32LE(place + 24), at: tail.readUInt32LE(place + 42) };
    for (; extra < after; extra += 4 + tail.readUInt16LE(extra + 2)) {
      if (tail.readUInt16LE(extra) !== 1) continue;
      let long = extra + 4;
      if (entry.bytes === 0xffffffff) {
        entry.bytes = Number(tail.readBigUInt64LE(long));
        long += 16;
      }
      if (entry.at === 0xffffffff) entry.at = Number(tail.readBigUInt64LE(long));
    }
    const utf8 = (tail.readUInt16LE(place + 8) & 0x800) !== 0;
    found.push({ name, crc: tail.readUInt32LE(place + 16), utf8, ...entry });
    place = after;
  }
  return found;
}

const files = fc.uniqueArray(
  fc.record({ name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), bytes: fc.nat(5000) }),
  { maxLength: 8, selector: ({ name }) => name },
);

describe('an archive', () => {
  test('every file is where its directory says, with its own bytes', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (made) => {
        const all = made.map(({ name, bytes }) => file(name, bytes));
        const layout = layOut(all);
        const whole = await bytesOf(all, 0, layout.bytes);
        expect(whole.length).toBe(layout.bytes);
        const found = directory(whole, 0);
        expect(found.map(({ name, bytes }) => ({ name, bytes }))).toEqual(made);
        for (const { at, bytes, crc, utf8 } of found) {
          expect(utf8).toBe(true);
          expect(whole.readUInt32LE(at)).toBe(0x04034b50);
          const start = at + 30 + whole.readUInt16LE(at + 26) + whole.readUInt16LE(at + 28);
          expect(crc32(whole.subarray(start, start + bytes))).toBe(crc);
          expect(whole.readUInt32LE(at + 14)).toBe(crc);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('any part of it is that part of the whole', async () => {
    await fc.assert(
      fc.asyncProperty(
        files,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (made, a, b) => {
          const all = made.map(({ name, bytes }) => file(name, bytes));
          const { bytes } = layOut(all);
          const [from, to] = [a, b].map((part) => Math.round(part * bytes)).sort((x, y) => x - y);
          const whole = await bytesOf(all, 0, bytes);
          expect((await bytesOf(all, from ?? 0, to ?? 0)).equals(whole.subarray(from, to))).toBe(true);
        },
      ),
      { numRuns: 120 },
    );
  });

  test('more than 4 GiB: the end of it can be had without reading a byte of the films', async () => {
    const all = [file('small.png', 10), file('5 GiB.mov', 5 * GB), file('behind it.mov', 3 * GB), file('last.png', 7)];
    const { bytes, directoryAt } = layOut(all);
    expect(bytes).toBeGreaterThan(8 * GB);
    const tail = await bytesOf(all, directoryAt, bytes, unread);
    expect(tail.length).toBe(bytes - directoryAt);
    expect(directory(tail, directoryAt).map(({ name, bytes, crc }) => [name, bytes, crc])).toEqual([
      ['small.png', 10, 1],
      ['5 GiB.mov', 5 * GB, 2],
      ['behind it.mov', 3 * GB, 3],
      ['last.png', 7, 4],
    ]);
    expect(directory(tail, directoryAt).map(({ at }) => at)).toEqual(layOut(all).files.map(({ at }) => at));
  });

  test('more files than the old format can count', async () => {
    const all = Array.from({ length: 65_600 }, (_, index) => file(`${index}`, 0));
    const { bytes } = layOut(all);
    const whole = await bytesOf(all, 0, bytes, { ...unread, read: async function* () {} });
    expect(directory(whole, 0).at(-1)).toMatchObject({ name: '65599', crc: 65_600 });
  });
});
