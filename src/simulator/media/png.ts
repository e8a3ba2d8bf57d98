import { crc32, createDeflate } from 'node:zlib';
import type { ImageBatch } from '../nodes/values.ts';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const dataPerChunk = 65536;

export type TextEntry = { key: string; text: string };

function chunk(type: string, data: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length, 0);
  head.write(type, 4, 'latin1');
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(crc32(data, crc32(head.subarray(4))), 0);
  return Buffer.concat([head, data, tail]);
}

function header({ width, height, channels }: ImageBatch, depth: 8 | 16 = 8): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set([depth, channels === 4 ? 6 : 2, 0, 0, 0], 8);
  return Buffer.concat([signature, chunk('IHDR', data)]);
}

/** Rows with the "up" filter, a block of rows at a time. */
function* filteredRows(pixels: Uint8Array, stride: number, height: number): Generator<Buffer> {
  const block = Math.max(1, Math.floor(262144 / (stride + 1)));
  for (let first = 0; first < height; first += block) {
    const rows = Math.min(block, height - first);
    const filtered = Buffer.alloc(rows * (stride + 1));
    for (let row = 0; row < rows; row++) {
      const from = (first + row) * stride;
      const to = row * (stride + 1);
      filtered[to] = first + row === 0 ? 0 : 2;
      for (let x = 0; x < stride; x++) {
        const above = first + row === 0 ? 0 : (pixels[from + x - stride] ?? 0);
        filtered[to + 1 + x] = (pixels[from + x] ?? 0) - above;
      }
    }
    yield filtered;
  }
}

/** The compressed pixels in parts of 64 KB, each as soon as it is compressed. */
async function* compressed(
  batch: ImageBatch,
  frame: Uint8Array,
  level: number,
  depth: 8 | 16 = 8,
): AsyncGenerator<Buffer> {
  const deflate = createDeflate({ level });
  const feed = async (): Promise<void> => {
    for (const rows of filteredRows(frame, batch.width * batch.channels * (depth / 8), batch.height)) {
      if (!deflate.write(rows)) await new Promise((resolve) => deflate.once('drain', resolve));
    }
    deflate.end();
  };
  const fed = feed();
  let rest = Buffer.alloc(0);
  for await (const part of deflate) {
    rest = Buffer.concat([rest, part]);
    while (rest.length >= dataPerChunk) {
      yield rest.subarray(0, dataPerChunk);
      rest = rest.subarray(dataPerChunk);
    }
  }
  await fed;
  if (rest.length > 0) yield rest;
}

/** Each byte twice is the same share of 65535 as it was of 255. */
function doubled(frame: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(frame.length * 2);
  for (let index = 0; index < bytes.length; index++) bytes[index] = frame[index >> 1] ?? 0;
  return bytes;
}

/** A PNG in the pieces in which it reaches the disk: one per 64 KB of compressed data, then the end. */
export async function* pngPieces(
  batch: ImageBatch,
  frame: Uint8Array,
  entries: readonly TextEntry[],
  level: number,
  depth: 8 | 16 = 8,
): AsyncGenerator<Buffer> {
  let before = Buffer.concat([
    header(batch, depth),
    ...entries.map(({ key, text }) => chunk('tEXt', Buffer.from(`${key}\0${text}`, 'latin1'))),
  ]);
  const pixels = depth === 16 ? doubled(frame) : frame;
  for await (const part of compressed(batch, pixels, level, depth)) {
    yield Buffer.concat([before, chunk('IDAT', part)]);
    before = Buffer.alloc(0);
  }
  yield chunk('IEND', Buffer.alloc(0));
}

export async function encodePng(batch: ImageBatch, frame: Uint8Array): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of pngPieces(batch, frame, [], 1)) pieces.push(piece);
  return Buffer.concat(pieces);
}

function frameControl(sequence: number, batch: ImageBatch, delayMs: number): Buffer {
  const data = Buffer.alloc(26);
  data.writeUInt32BE(sequence, 0);
  data.writeUInt32BE(batch.width, 4);
  data.writeUInt32BE(batch.height, 8);
  data.writeUInt16BE(Math.min(delayMs, 65535), 20);
  data.writeUInt16BE(1000, 22);
  return chunk('fcTL', data);
}

/** An animated PNG; its metadata comes behind the pictures, in chunks of a private type. */
export async function* apngPieces(
  batch: ImageBatch,
  fps: number,
  entries: readonly TextEntry[],
  level: number,
): AsyncGenerator<Buffer> {
  const animation = Buffer.alloc(8);
  animation.writeUInt32BE(batch.frames.length, 0);
  let sequence = 0;
  let before = Buffer.concat([header(batch), chunk('acTL', animation)]);
  for (const [index, frame] of batch.frames.entries()) {
    before = Buffer.concat([before, frameControl(sequence++, batch, Math.floor(1000 / fps))]);
    for await (const part of compressed(batch, frame, level)) {
      const number = Buffer.alloc(4);
      if (index > 0) number.writeUInt32BE(sequence++, 0);
      yield Buffer.concat([before, index === 0 ? chunk('IDAT', part) : chunk('fdAT', Buffer.concat([number, part]))]);
      before = Buffer.alloc(0);
    }
  }
  const comments = entries.map(({ key, text }) => chunk('comf', Buffer.from(`${key}\0${text}`, 'latin1')));
  yield Buffer.concat([...comments, chunk('IEND', Buffer.alloc(0))]);
}
