import { expect, test } from 'vitest';
import { blake3OfFile } from './content-hash.ts';

/** Gives at most so many bytes at a time, as a file on a network may. */
const reading = (bytes: Uint8Array, most = Number.POSITIVE_INFINITY) =>
  async function read(piece: Uint8Array, offset: number, length: number, position: number) {
    const given = bytes.subarray(position, position + Math.min(length, most));
    piece.set(given, offset);
    return { bytesRead: given.length };
  };
const going = new AbortController().signal;

test.each([
  ['', 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262'],
  ['abc', '6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85'],
])('of %j', async (text, blake3) => {
  expect(await blake3OfFile(reading(Buffer.from(text)), going)).toBe(blake3);
});

test('a long file has the same hash in whatever pieces it comes', async () => {
  const bytes = Buffer.alloc(3_000_000, 'film');
  const whole = await blake3OfFile(reading(bytes), going);
  expect(await blake3OfFile(reading(bytes, 70_001), going)).toBe(whole);
  expect(await blake3OfFile(reading(bytes.subarray(1)), going)).not.toBe(whole);
});

test('it can be stopped', async () => {
  const stopping = new AbortController();
  const read = async () => {
    stopping.abort();
    return { bytesRead: 1 };
  };
  expect(await blake3OfFile(read, stopping.signal)).toBeNull();
});
