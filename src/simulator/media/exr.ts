import type { ImageBatch } from '../nodes/values.ts';
import type { TextEntry } from './png.ts';

const text = (value: string): Buffer => Buffer.from(`${value}\0`, 'latin1');
const ints = (...values: number[]): Buffer => Buffer.from(Int32Array.from(values).buffer);
const floats = (...values: number[]): Buffer => Buffer.from(Float32Array.from(values).buffer);

function attribute(name: string, type: string, ...parts: Uint8Array[]): Buffer {
  const value = Buffer.concat(parts);
  return Buffer.concat([text(name), text(type), ints(value.length), value]);
}

const linear = (byte: number): number => {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
};

/** An OpenEXR picture of 32-bit floats, one scan line after the other, without compression. */
export function encodeExr(batch: ImageBatch, frame: Uint8Array, entries: readonly TextEntry[]): Buffer {
  const { width, height, channels } = batch;
  // The format requires channels in the order of their names: (A,) B, G, R.
  const order = channels === 4 ? [3, 2, 1, 0] : [2, 1, 0];
  const names = channels === 4 ? ['A', 'B', 'G', 'R'] : ['B', 'G', 'R'];
  const list = names.map((name) => Buffer.concat([text(name), ints(2, 0, 1, 1)]));
  const window = ints(0, 0, width - 1, height - 1);
  const head = Buffer.concat([
    Buffer.from([0x76, 0x2f, 0x31, 0x01, 2, 0, 0, 0]),
    attribute('channels', 'chlist', ...list, Buffer.from([0])),
    attribute('compression', 'compression', Buffer.from([0])),
    attribute('dataWindow', 'box2i', window),
    attribute('displayWindow', 'box2i', window),
    attribute('lineOrder', 'lineOrder', Buffer.from([0])),
    attribute('pixelAspectRatio', 'float', floats(1)),
    attribute('screenWindowCenter', 'v2f', floats(0, 0)),
    attribute('screenWindowWidth', 'float', floats(1)),
    ...entries.map(({ key, text: value }) => attribute(key, 'string', Buffer.from(value, 'latin1'))),
    Buffer.from([0]),
  ]);
  const lineBytes = 8 + width * channels * 4;
  const offsets = Buffer.alloc(height * 8);
  const lines: Buffer[] = [];
  for (let y = 0; y < height; y++) {
    offsets.writeBigUInt64LE(BigInt(head.length + offsets.length + y * lineBytes), y * 8);
    lines.push(ints(y, lineBytes - 8));
    for (const channel of order) {
      const row = Float32Array.from({ length: width }, (_, x) => {
        const byte = frame[(y * width + x) * channels + channel] ?? 0;
        return channel === 3 ? byte / 255 : linear(byte);
      });
      lines.push(Buffer.from(row.buffer));
    }
  }
  return Buffer.concat([head, offsets, ...lines]);
}
