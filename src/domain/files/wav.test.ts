import { expect, test } from 'vitest';
import { bytesOf, u32little } from '../formats/judging.testing.ts';
import { Window } from '../formats/reading/window.ts';
import { wavSamples } from './wav.ts';

const u16 = (value: number) => Uint8Array.of(value & 0xff, value >> 8);
const fmt = (tag: number, channels: number, bits: number, more: Uint8Array = new Uint8Array()) =>
  bytesOf(
    'fmt ',
    u32little(16 + more.length),
    u16(tag),
    u16(channels),
    u32little(8000),
    u32little(0),
    u16(0),
    u16(bits),
    more,
  );
const wav = (...chunks: Uint8Array[]) => bytesOf('RIFF', u32little(0), 'WAVE', ...chunks);
const data = bytesOf('data', u32little(8), '12345678');
const extensible = (tag: number) =>
  bytesOf(u16(22), u16(24), u32little(0), u16(tag), '\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71');

function samplesOf(bytes: Uint8Array) {
  const asking = wavSamples(new Window(bytes.length));
  let step = asking.next();
  while (!step.done) {
    const { offset, length } = step.value;
    step = asking.next(bytes.subarray(offset, offset + length));
  }
  return step.value;
}

test.each([
  ['plain', wav(fmt(1, 2, 16), data), { form: 'integer', bytesPerSample: 2, channels: 2, from: 44, to: 52 }],
  ['floats', wav(fmt(3, 1, 32), data), { form: 'float', bytesPerSample: 4, channels: 1, from: 44, to: 52 }],
  [
    'extensible',
    wav(fmt(0xfffe, 1, 24, extensible(1)), data),
    { form: 'integer', bytesPerSample: 3, channels: 1, from: 68, to: 76 },
  ],
  [
    'words before',
    wav(fmt(1, 1, 8), bytesOf('LIST', u32little(3), 'abc\0'), data),
    { form: 'integer', bytesPerSample: 1, channels: 1, from: 56, to: 64 },
  ],
  [
    'more than 4 GB',
    wav(fmt(1, 1, 8), bytesOf('data', u32little(0xffffffff), '1234')),
    { form: 'integer', bytesPerSample: 1, channels: 1, from: 44, to: 48 },
  ],
  ['compressed', wav(fmt(0x55, 2, 0), data), null],
  ['no channels', wav(fmt(1, 0, 16), data), null],
  ['samples before their form', wav(data, fmt(1, 2, 16)), null],
  ['no samples', wav(fmt(1, 2, 16)), null],
])('%s', (_, bytes, expected) => expect(samplesOf(bytes)).toEqual(expected));
