import type { ImageBatch } from '../nodes/values.ts';
import { BitWriter } from './bits.ts';

/**
 * H.264 without compression of pixels: macroblocks that changed are written as they are (I_PCM), the others are
 * skipped. Any decoder plays it, and no encoder is needed.
 */

const macroblockBytes = 384;

/** No start code may occur inside a unit: a 3 goes behind two zeros where the next byte is small. */
function escaped(payload: Buffer): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  let zeros = 0;
  for (let index = 0; index < payload.length; index++) {
    const byte = payload[index] ?? 0;
    if (zeros >= 2 && byte <= 3) {
      parts.push(payload.subarray(from, index), Buffer.from([3]));
      from = index;
      zeros = 0;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return Buffer.concat([...parts, payload.subarray(from)]);
}

const unit = (type: number, writer: BitWriter): Buffer =>
  Buffer.concat([Buffer.from([0x60 | type]), escaped(writer.end())]);

/** The sequence and picture parameter sets for frames of this size. */
export function parameterSets(width: number, height: number): { sps: Buffer; pps: Buffer } {
  const columns = Math.ceil(width / 16);
  const rows = Math.ceil(height / 16);
  const sps = new BitWriter();
  sps.bits(66, 8);
  sps.bits(0xc0, 8);
  sps.bits(51, 8);
  sps.ue(0);
  sps.ue(4);
  sps.ue(2);
  sps.ue(1);
  sps.bit(0);
  sps.ue(columns - 1);
  sps.ue(rows - 1);
  sps.bits(0b11, 2);
  const [right, bottom] = [columns * 16 - width, rows * 16 - height];
  sps.bit(right > 0 || bottom > 0 ? 1 : 0);
  if (right > 0 || bottom > 0) for (const crop of [0, right >> 1, 0, bottom >> 1]) sps.ue(crop);
  // Colours as in HD television (BT.709, limited range); no frame is shown out of order.
  sps.bits(0b1001, 4);
  sps.bits(0b10101, 5);
  sps.bits(0x010101, 24);
  sps.bits(0b000001, 6);
  sps.bit(1);
  for (const limit of [0, 0, 10, 10, 0, 1]) sps.ue(limit);
  const pps = new BitWriter();
  pps.ue(0);
  pps.ue(0);
  pps.bits(0, 2);
  for (let index = 0; index < 3; index++) pps.ue(0);
  pps.bits(0, 3);
  for (let index = 0; index < 3; index++) pps.ue(0);
  pps.bits(0b100, 3);
  return { sps: unit(7, sps), pps: unit(8, pps) };
}

/** A frame as macroblocks of 256 luma and twice 64 chroma bytes. */
function macroblocks(batch: ImageBatch, frame: Uint8Array): Uint8Array {
  const { width, height, channels } = batch;
  const columns = Math.ceil(width / 16);
  const rows = Math.ceil(height / 16);
  const blocks = new Uint8Array(columns * rows * macroblockBytes);
  for (let y = 0; y < rows * 16; y++) {
    const line = Math.min(y, height - 1) * width;
    for (let x = 0; x < columns * 16; x++) {
      const from = (line + Math.min(x, width - 1)) * channels;
      const [r, g, b] = [frame[from] ?? 0, frame[from + 1] ?? 0, frame[from + 2] ?? 0];
      const block = ((y >> 4) * columns + (x >> 4)) * macroblockBytes;
      blocks[block + (y & 15) * 16 + (x & 15)] = 16.5 + 0.1826 * r + 0.6142 * g + 0.062 * b;
      if ((x | y) & 1) continue;
      const chroma = block + 256 + ((y & 15) >> 1) * 8 + ((x & 15) >> 1);
      blocks[chroma] = 128.5 - 0.1006 * r - 0.3386 * g + 0.4392 * b;
      blocks[chroma + 64] = 128.5 + 0.4392 * r - 0.3989 * g - 0.0403 * b;
    }
  }
  return blocks;
}

function sliceHeader(writer: BitWriter, isFirst: boolean, number: number): void {
  writer.ue(0);
  writer.ue(isFirst ? 7 : 5);
  writer.ue(0);
  writer.bits(number & 255, 8);
  if (isFirst) writer.ue(0);
  writer.bits(0, 2);
  if (!isFirst) writer.bit(0);
  writer.ue(0);
  writer.ue(1);
}

/** One access unit per frame, the first of them a key frame. */
export function* encodeFrames(batch: ImageBatch): Generator<Buffer> {
  let previous: Uint8Array | null = null;
  for (const [number, frame] of batch.frames.entries()) {
    const blocks = macroblocks(batch, frame);
    const writer = new BitWriter();
    sliceHeader(writer, previous === null, number);
    let skipped = 0;
    for (let at = 0; at < blocks.length; at += macroblockBytes) {
      const block = blocks.subarray(at, at + macroblockBytes);
      if (previous && Buffer.compare(block, previous.subarray(at, at + macroblockBytes)) === 0) {
        skipped += 1;
        continue;
      }
      if (previous) writer.ue(skipped);
      skipped = 0;
      writer.ue(previous ? 30 : 25);
      writer.align();
      writer.raw(block);
    }
    if (skipped > 0) writer.ue(skipped);
    yield unit(previous ? 1 : 5, writer);
    previous = blocks;
  }
}
