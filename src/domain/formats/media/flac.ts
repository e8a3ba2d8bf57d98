import { u16be, u24be, u32be } from '../reading/bytes.ts';
import { broken, type FormatRule, growing, unproven, whole } from '../reading/verdict.ts';
import { type Asking, MAX_READ, type Window } from '../reading/window.ts';

const TYPE = { kind: 'audio', mime: 'audio/flac' } as const;
/** Crafted bytes can hold any number of plausible frame headers; each one costs a checksum over the rest of the file. */
const MAX_CANDIDATES = 32;

const MAX_BLOCKS = 10_000;

/**
 * A frame does not tell its length, but it ends in a checksum of itself. The proof: some frame near the end has a right checksum at the very end of the file,
 * and its last sample is the last one that the header promises. A stream's header promises nothing, or too little.
 */
export function* flacRule(file: Window): FormatRule {
  const head = yield* file.at(0, 42);
  if (head.length < 42) return growing('the FLAC header is not complete');
  if (((head[4] ?? 0) & 0x7f) !== 0 || u24be(head, 5) !== 34) return broken('the FLAC does not begin with its header');
  const blockSize = u16be(head, 8);
  const maxFrame = u24be(head, 15);
  const samples = ((head[21] ?? 0) & 0x0f) * 2 ** 32 + u32be(head, 22);
  const tailLength = Math.min(file.size - 42, maxFrame > 0 ? maxFrame : MAX_READ, MAX_READ);
  const tail = yield* file.at(file.size - tailLength, tailLength);
  const last = lastSampleOf(tail, blockSize, samples);
  if (last !== null) return samples > 0 && last === samples ? whole(TYPE) : unproven(TYPE);
  if (samples === 0 && (yield* isHeaderOnly(file))) return unproven(TYPE);
  return growing('the last frame of the FLAC is not there yet');
}

/** A sound without samples has no frame. */
function* isHeaderOnly(file: Window): Asking<boolean> {
  let at = 4;
  for (let count = 0; count < MAX_BLOCKS; count++) {
    const head = yield* file.at(at, 4);
    if (head.length < 4) return false;
    at += 4 + u24be(head, 1);
    if (((head[0] ?? 0) & 0x80) !== 0) return at === file.size;
  }
  return false;
}

/** The number of samples after the frame that ends the file, `promised` or more; null if there is no such frame. */
function lastSampleOf(tail: Uint8Array, blockSize: number, promised: number): number | null {
  let candidates = 0;
  for (let at = tail.lastIndexOf(0xff); at >= 0; at = at === 0 ? -1 : tail.lastIndexOf(0xff, at - 1)) {
    const frame = tail.subarray(at);
    const lastSample = frameEnd(frame, blockSize);
    if (lastSample === null || lastSample < promised) continue;
    if (crc16(frame) === 0) return lastSample;
    candidates += 1;
    if (candidates >= MAX_CANDIDATES) return null;
  }
  return null;
}

/** The number of the sample after the frame's last one; null when this is no frame header. */
function frameEnd(frame: Uint8Array, blockSize: number): number | null {
  const [, sync = 0, sizes = 0, , lead = 0] = frame;
  if ((sync & 0xfe) !== 0xf8) return null;
  const numberLength = lead < 0x80 ? 1 : Math.clz32(~lead << 24);
  if (numberLength > 7 || (numberLength === 1 && lead >= 0x80)) return null;
  let number = numberLength === 1 ? lead : lead & (0x7f >> numberLength);
  for (const byte of frame.subarray(5, 4 + numberLength)) number = number * 64 + (byte & 0x3f);

  const sizeCode = sizes >> 4;
  const rateCode = sizes & 0x0f;
  const sizeBytes = sizeCode === 6 ? 1 : sizeCode === 7 ? 2 : 0;
  const rateBytes = rateCode === 12 ? 1 : rateCode === 13 || rateCode === 14 ? 2 : 0;
  const sizeAt = 4 + numberLength;
  const checkAt = sizeAt + sizeBytes + rateBytes;
  if (sizeCode === 0 || frame.length < checkAt + 3 || crc8(frame.subarray(0, checkAt + 1)) !== 0) return null;

  const length =
    sizeCode === 6
      ? (frame[sizeAt] ?? 0) + 1
      : sizeCode === 7
        ? u16be(frame, sizeAt) + 1
        : sizeCode === 1
          ? 192
          : sizeCode < 6
            ? 576 * 2 ** (sizeCode - 2)
            : 256 * 2 ** (sizeCode - 8);
  const isVariable = (sync & 1) === 1;
  return (isVariable ? number : number * blockSize) + length;
}

const CRC8 = Uint8Array.from({ length: 256 }, (_, byte) => shifted(byte, 0x07, 0x80));
const CRC16 = Uint16Array.from({ length: 256 }, (_, byte) => shifted(byte << 8, 0x8005, 0x8000));

function shifted(start: number, polynomial: number, top: number): number {
  let value = start;
  for (let bit = 0; bit < 8; bit++) value = value & top ? (value << 1) ^ polynomial : value << 1;
  return value & (top * 2 - 1);
}

/** Over data that ends in its own checksum, both give 0. */
const crc8 = (bytes: Uint8Array): number => bytes.reduce((crc, byte) => CRC8[crc ^ byte] ?? 0, 0);
const crc16 = (bytes: Uint8Array): number =>
  bytes.reduce((crc, byte) => ((crc << 8) & 0xffff) ^ (CRC16[(crc >> 8) ^ byte] ?? 0), 0);
