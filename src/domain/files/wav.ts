import { latin1, u16le, u32le } from '../formats/reading/bytes.ts';
import type { Asking, Window } from '../formats/reading/window.ts';

/** How the samples of a WAV are written, and where. */
export type WavSamples = {
  readonly form: 'integer' | 'float';
  readonly bytesPerSample: number;
  readonly channels: number;
  readonly from: number;
  readonly to: number;
};

const MAX_CHUNKS = 10_000;
const PLAIN = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;

/** Null for what is no WAV, or one with compressed samples. */
export function* wavSamples(file: Window): Asking<WavSamples | null> {
  let layout: Omit<WavSamples, 'from' | 'to'> | null = null;
  let at = 12;
  for (let count = 0; count < MAX_CHUNKS; count++) {
    const head = yield* file.at(at, 34);
    if (head.length < 8) return null;
    const type = latin1(head, 0, 4);
    const length = u32le(head, 4);
    const body = at + 8;
    if (type === 'fmt ') layout = layoutOf(head.subarray(8));
    // RF64 writes its length elsewhere, and all ones here.
    if (type === 'data') return layout && { ...layout, from: body, to: Math.min(body + length, file.size) };
    at = body + length + (length % 2);
  }
  return null;
}

function layoutOf(fmt: Uint8Array): Omit<WavSamples, 'from' | 'to'> | null {
  const tag = u16le(fmt, 0) === EXTENSIBLE ? u16le(fmt, 24) : u16le(fmt, 0);
  const channels = u16le(fmt, 2);
  const bits = u16le(fmt, 14);
  const isPlain = tag === PLAIN && [8, 16, 24, 32].includes(bits);
  if (channels === 0 || (!isPlain && !(tag === FLOAT && bits === 32))) return null;
  return { form: tag === FLOAT ? 'float' : 'integer', bytesPerSample: bits / 8, channels };
}

/** -1 to 1 (floats may go beyond). */
export function sampleAt(bytes: DataView, at: number, { form, bytesPerSample }: WavSamples): number {
  if (form === 'float') return bytes.getFloat32(at, true);
  switch (bytesPerSample) {
    case 1:
      return (bytes.getUint8(at) - 128) / 128;
    case 2:
      return bytes.getInt16(at, true) / 32_768;
    case 3:
      return (bytes.getInt16(at + 1, true) * 256 + bytes.getUint8(at)) / 8_388_608;
    default:
      return bytes.getInt32(at, true) / 2_147_483_648;
  }
}
