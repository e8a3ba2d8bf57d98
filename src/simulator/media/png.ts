import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { asSharp } from '../nodes/images/pixels.ts';
import type { ImageBatch } from '../nodes/values.ts';

/** The signature and the header chunk. */
const headBytes = 33;
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

type Encoded = { head: Buffer; parts: Buffer[] };

/** The picture as sharp compresses it: signature and header, and the data in the parts of 64 KB in which Pillow writes it. */
async function encoded(batch: ImageBatch, frame: Uint8Array, level: number, depth: 8 | 16 = 8): Promise<Encoded> {
  const { width, height, channels } = batch;
  // A byte written twice is the same share of 65535 as the byte is of 255.
  const pixels = depth === 16 ? Uint16Array.from(frame, (byte) => byte * 257) : frame;
  const png = await sharp(pixels, { raw: { width, height, channels } })
    .toColourspace(depth === 16 ? 'rgb16' : 'srgb')
    .png({ compressionLevel: level })
    .toBuffer();
  const found: Buffer[] = [];
  for (let at = headBytes; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      found.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const data = Buffer.concat(found);
  const count = Math.ceil(data.length / dataPerChunk);
  const parts = Array.from({ length: count }, (_, index) =>
    data.subarray(index * dataPerChunk, (index + 1) * dataPerChunk),
  );
  return { head: png.subarray(0, headBytes), parts };
}

/** A PNG in the pieces in which it reaches the disk: one per 64 KB of compressed data, then the end. */
export async function* pngPieces(
  batch: ImageBatch,
  frame: Uint8Array,
  entries: readonly TextEntry[],
  level: number,
  depth: 8 | 16 = 8,
): AsyncGenerator<Buffer> {
  const { head, parts } = await encoded(batch, frame, level, depth);
  let before = Buffer.concat([
    head,
    ...entries.map(({ key, text }) => chunk('tEXt', Buffer.from(`${key}\0${text}`, 'latin1'))),
  ]);
  for (const part of parts) {
    yield Buffer.concat([before, chunk('IDAT', part)]);
    before = Buffer.alloc(0);
  }
  yield chunk('IEND', Buffer.alloc(0));
}

export const encodePng = (batch: ImageBatch, frame: Uint8Array): Promise<Buffer> =>
  asSharp(batch, frame).png({ compressionLevel: 1 }).toBuffer();

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
  let before = Buffer.alloc(0);
  for (const [index, frame] of batch.frames.entries()) {
    const { head, parts } = await encoded(batch, frame, level);
    before = Buffer.concat([
      ...(index === 0 ? [head, chunk('acTL', animation)] : []),
      frameControl(sequence++, batch, Math.floor(1000 / fps)),
    ]);
    for (const part of parts) {
      const number = Buffer.alloc(4);
      if (index > 0) number.writeUInt32BE(sequence++, 0);
      yield Buffer.concat([before, index === 0 ? chunk('IDAT', part) : chunk('fdAT', Buffer.concat([number, part]))]);
      before = Buffer.alloc(0);
    }
  }
  const comments = entries.map(({ key, text }) => chunk('comf', Buffer.from(`${key}\0${text}`, 'latin1')));
  yield Buffer.concat([...comments, chunk('IEND', Buffer.alloc(0))]);
}
