import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { PNG_SIGNATURE } from '../pictures/png.ts';
import { Window } from '../reading/window.ts';
import { pngText } from './png-text.ts';

function chunk(type: string, ...parts: (Uint8Array | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const edges = Buffer.alloc(8);
  edges.writeUInt32BE(body.length, 0);
  edges.writeUInt32BE(crc32(typed), 4);
  return Buffer.concat([edges.subarray(0, 4), typed, edges.subarray(4)]);
}
const png = (...chunks: Buffer[]): Buffer =>
  Buffer.concat([Buffer.from(PNG_SIGNATURE, 'latin1'), ...chunks, chunk('IEND')]);

function read(bytes: Uint8Array, key = 'workflow'): string | null {
  const reading = pngText(new Window(bytes.length), key);
  let step = reading.next();
  while (!step.done) step = reading.next(bytes.subarray(step.value.offset, step.value.offset + step.value.length));
  const found = step.value;
  if (!found) return null;
  return (found.packed ? inflateSync(found.bytes) : Buffer.from(found.bytes)).toString();
}

const TEXT = '{"name":"Größe 🌧"}';
const packed = deflateSync(TEXT);

describe('texts of a PNG', () => {
  test.each<[string, Buffer]>([
    ['tEXt', chunk('tEXt', 'workflow\0', TEXT)],
    ['comf, of an APNG', chunk('comf', 'workflow\0', TEXT)],
    ['zTXt', chunk('zTXt', 'workflow\0\0', packed)],
    ['iTXt', chunk('iTXt', 'workflow\0', Buffer.from([0, 0]), 'de\0Ablauf\0', TEXT)],
    ['iTXt, packed', chunk('iTXt', 'workflow\0', Buffer.from([1, 0]), '\0\0', packed)],
    ['behind another key', Buffer.concat([chunk('tEXt', 'workflow2\0', 'x'), chunk('tEXt', 'workflow\0', TEXT)])],
    ['more than one read of it', chunk('tEXt', 'workflow\0', TEXT.padEnd(3_000_000))],
  ])('%s', (_, text) => expect(read(png(text))?.trimEnd()).toBe(TEXT));

  test.each<[string, Buffer]>([
    ['none', chunk('tEXt', 'prompt\0', TEXT)],
    ['cut short', chunk('iTXt', 'workflow\0', Buffer.from([0, 0]))],
  ])('%s: nothing', (_, text) => expect(read(png(text))).toBeNull());
});
