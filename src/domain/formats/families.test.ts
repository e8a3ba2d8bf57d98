import { describe, expect, test } from 'vitest';
import { ascii, box, bytesOf, fixture, judge, run, u32, u32little } from './judging.testing.ts';
import { MAX_READ } from './reading/window.ts';

describe('SVG', () => {
  const svg = `\ufeff<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "</svg>">]><!-- <svg> --><svg title="a>b">
    <metadata><![CDATA[{"x": "</svg>"}]]></metadata><svg><g/></svg><path d=""/></svg>`;
  const bytes = new TextEncoder().encode(svg);

  test('is whole with its root closed, and only then', () => {
    expect(judge('a.svg', bytes)).toEqual({ state: 'whole', kind: 'image', mime: 'image/svg+xml' });
    expect(judge('a.svg', new TextEncoder().encode(`${svg}\n<!-- end -->\n`)).state).toBe('whole');
    for (let length = 1; length < bytes.length; length++) {
      expect([length, judge('a.svg', bytes.subarray(0, length)).state]).toEqual([length, 'growing']);
    }
  });

  test('an element without content closes itself', () => {
    expect(judge('a.svg', ascii('<svg width="1" />')).state).toBe('whole');
    expect(judge('a.svg', ascii('<s:svg xmlns:s="http://www.w3.org/2000/svg"></s:svg>')).state).toBe('whole');
  });

  test('a megabyte of opened comments is read quickly', () => {
    expect(judge('a.svg', ascii(`<svg>${'<!--'.repeat(250_000)}`)).state).toBe('growing');
    expect(judge('a.svg', ascii(`<svg ${'"<a'.repeat(333_333)}`)).state).toBe('growing');
  });
});

describe('ISO media', () => {
  const track = box('trak', box('mdia', box('hdlr', u32(0), u32(0), 'vide', new Uint8Array(13))));
  const moov = box('moov', box('mvhd', new Uint8Array(100)), track);
  const ftyp = box('ftyp', 'isom', u32(512), 'isomiso2');
  const media = new Uint8Array(50);
  const longMdat = bytesOf(u32(1), 'mdat', u32(0), u32(16 + media.length), media);

  const cases: [what: string, file: Uint8Array, state: string][] = [
    ['mdat with a 64-bit size', bytesOf(ftyp, longMdat, moov), 'whole'],
    ['moov in front', bytesOf(ftyp, moov, box('mdat', media)), 'whole'],
    ['no moov', bytesOf(ftyp, box('mdat', media)), 'growing'],
    ['no media', bytesOf(ftyp, moov), 'growing'],
    ['moov without tracks', bytesOf(ftyp, box('mdat', media), box('moov', box('mvhd', media))), 'growing'],
    ['moov full of zeros', bytesOf(ftyp, box('mdat', media), box('moov', new Uint8Array(300))), 'growing'],
    ['mdat still without a size', bytesOf(ftyp, u32(0), 'mdat', media), 'growing'],
    ['mdat to the end of the file', bytesOf(ftyp, moov, u32(0), 'mdat', media), 'unproven'],
    ['fragments', bytesOf(ftyp, moov, box('moof', media), box('mdat', media)), 'unproven'],
    ['closed fragments', bytesOf(ftyp, moov, box('moof', media), box('mdat', media), box('mfra', media)), 'whole'],
    ['a box shorter than its head', bytesOf(ftyp, u32(4), 'mdat', moov), 'growing'],
    ['a box with a huge size', bytesOf(ftyp, u32(1), 'mdat', u32(0xffffffff), u32(0xffffffff), moov), 'growing'],
  ];
  test.each(cases)('%s', (_, file, state) => {
    expect(judge('a.mp4', file).state).toBe(state);
  });

  test('a track of sound only makes it audio', () => {
    const sound = box(
      'moov',
      box('mvhd', media),
      box('trak', box('mdia', box('hdlr', u32(0), u32(0), 'soun', u32(0)))),
    );
    expect(judge('a.m4a', bytesOf(ftyp, box('mdat', media), sound))).toMatchObject({
      mime: 'audio/mp4',
      kind: 'audio',
    });
  });

  test('10 GB need a handful of reads', () => {
    const size = 10 * 2 ** 30;
    const start = bytesOf(ftyp, u32(1), 'mdat', u32(2), u32(2 ** 31 - ftyp.length - moov.length));
    const { verdict, reads, bytesRead } = run('film.mp4', size, ({ offset, length }) => {
      const bytes = new Uint8Array(length);
      const end = size - moov.length;
      if (offset < start.length) bytes.set(start.subarray(offset, offset + length));
      for (let at = Math.max(offset, end); at < offset + length; at++) bytes[at - offset] = moov[at - end] ?? 0;
      return bytes;
    });
    expect(verdict).toEqual({ state: 'whole', kind: 'video', mime: 'video/mp4' });
    expect(reads).toBeLessThan(10);
    expect(bytesRead).toBeLessThan(100_000);
  });

  test('millions of tiny boxes end soon', () => {
    const piece = box('free', new Uint8Array(8));
    const size = 2 ** 30;
    const { verdict, bytesRead } = run('film.mp4', size, ({ offset, length }) =>
      Uint8Array.from({ length }, (_, at) => piece[(offset + at) % 16] ?? 0),
    );
    expect(verdict.state).toBe('growing');
    expect(bytesRead).toBeLessThan(16 * MAX_READ);
  });
});

describe('lengths stated at the start', () => {
  const riff = (form: string, claimed: number, body: Uint8Array | string) =>
    bytesOf('RIFF', u32little(claimed), form, body);
  const data = bytesOf('fmt ', u32little(16), new Uint8Array(16), 'data', u32little(8), new Uint8Array(8));
  const glb = (length: number) => bytesOf('glTF', u32little(2), u32little(length), new Uint8Array(20));
  const tensors = (end: number, bytes: number) => {
    const header = ascii(JSON.stringify({ a: { dtype: 'F32', shape: [1], data_offsets: [0, end] } }));
    return bytesOf(u32little(header.length), u32(0), header, new Uint8Array(bytes));
  };
  const cases: [what: string, name: string, file: Uint8Array, state: string][] = [
    ['WAV', 'a.wav', riff('WAVE', 4 + data.length, data), 'whole'],
    ['WAV with an uncounted pad byte', 'a.wav', riff('WAVE', 5 + data.length, bytesOf(data, '\0\0')), 'whole'],
    ['WAV longer than its header says', 'a.wav', riff('WAVE', data.length - 4, data), 'unproven'],
    [
      'WAV with a header from before the sound',
      'a.wav',
      riff('WAVE', 12, bytesOf('data', u32(0), '\0\0\0\0')),
      'unproven',
    ],
    ['WAV of unknown length', 'a.wav', riff('WAVE', 0xffffffff, data), 'unproven'],
    ['WAV of length 0', 'a.wav', riff('WAVE', 0, data), 'unproven'],
    ['WAV from sox in a pipe', 'a.wav', riff('WAVE', 0x7ffff024, data), 'unproven'],
    ['WAV of unknown length without sound', 'a.wav', riff('WAVE', 0xffffffff, data.subarray(0, 24)), 'growing'],
    ['WAV that grows', 'a.wav', riff('WAVE', 5 + data.length, data), 'growing'],
    ['empty WAV', 'a.wav', riff('WAVE', 12, bytesOf('data', u32(0))), 'unproven'],
    ['AVI of length 0', 'a.avi', riff('AVI ', 0, bytesOf('LIST', u32(0), 'hdrl')), 'unproven'],
    ['WEBP of unknown length', 'a.webp', riff('WEBP', 0xffffffff, 'VP8 \x02\0\0\0ab'), 'growing'],
    ['unknown RIFF', 'a.wav', riff('ABCD', 4 + data.length, data), 'broken'],
    ['WEBP', 'a.webp', riff('WEBP', 14, 'VP8 \x02\0\0\0ab'), 'whole'],
    ['GLB', 'a.glb', glb(32), 'whole'],
    ['GLB that grows', 'a.glb', glb(33), 'growing'],
    ['GLB of length 0', 'a.glb', glb(0), 'growing'],
    ['GLB of an impossible length', 'a.glb', glb(3), 'broken'],
    ['safetensors', 'a.safetensors', tensors(4, 4), 'whole'],
    ['safetensors that grow', 'a.safetensors', tensors(5, 4), 'growing'],
    ['safetensors that are too long', 'a.safetensors', tensors(3, 4), 'broken'],
    ['safetensors with a nonsense offset', 'a.safetensors', tensors(-3, 4), 'broken'],
  ];
  test.each(cases)('%s', (_, name, file, state) => {
    expect(judge(name, file).state).toBe(state);
  });
});

describe('films of unknown length', () => {
  const webm = fixture('webm');
  const SEGMENT_SIZE = 40;
  const unknown = webm.slice();
  unknown.set([0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], SEGMENT_SIZE);
  const zero = webm.slice();
  zero.set([0x01, 0, 0, 0, 0, 0, 0, 0], SEGMENT_SIZE);

  test('the recording has its segment size where this test changes it', () => {
    expect([...webm.subarray(SEGMENT_SIZE - 4, SEGMENT_SIZE + 1)]).toEqual([0x18, 0x53, 0x80, 0x67, 0x01]);
  });

  test.each([
    ['unknown', unknown],
    ['0', zero],
  ])('%s: only a quiet period can show it, and only where a block ends', (_, film) => {
    expect(judge('a.webm', film)).toEqual({ state: 'unproven', kind: 'video', mime: 'video/webm' });
    const states = Array.from(film, (_, length) => judge('a.webm', film.subarray(0, length)).state);
    expect(new Set(states)).toEqual(new Set(['growing', 'unproven']));
    expect(states.filter((state) => state === 'unproven').length).toBeLessThan(5);
  });
});

describe('the last frame', () => {
  test('a FLAC of unknown length ends in a proper frame', () => {
    const flac = fixture('audio_0').slice();
    flac[21] = (flac[21] ?? 0) & 0xf0;
    flac.set([0, 0, 0, 0], 22);
    expect(judge('a.flac', flac)).toEqual({ state: 'unproven', kind: 'audio', mime: 'audio/flac' });
    expect(judge('a.flac', flac.subarray(0, -1)).state).toBe('growing');
  });

  test('a damaged last frame is not the end', () => {
    const flac = fixture('audio_0').slice();
    flac[flac.length - 3] = (flac.at(-3) ?? 0) ^ 1;
    expect(judge('a.flac', flac).state).toBe('growing');
  });

  test('an MP3 without a count of frames is unproven at the end of each frame', () => {
    const mp3 = fixture('audio_mp3').slice();
    const info = Buffer.from(mp3).indexOf('Info');
    expect(info).toBeGreaterThan(0);
    mp3.set(ascii('none'), info);
    expect(judge('a.mp3', mp3).state).toBe('unproven');
    expect(judge('a.mp3', mp3.subarray(0, -1)).state).toBe('growing');
  });

  test('an MP3 that was written into a stream states 0', () => {
    const mp3 = fixture('audio_mp3').slice();
    const info = Buffer.from(mp3).indexOf('Info');
    mp3.fill(0, info + 8, info + 16);
    expect(judge('a.mp3', mp3).state).toBe('unproven');
    expect(judge('a.mp3', mp3.subarray(0, -1)).state).toBe('growing');
  });

  test('an MP3 with fewer frames than it states is growing', () => {
    const mp3 = fixture('audio_mp3').slice();
    const info = Buffer.from(mp3).indexOf('Info');
    mp3[info + 7] = 1;
    expect(judge('a.mp3', mp3).state).toBe('whole');
    const count = (mp3[info + 11] ?? 0) + 1;
    mp3[info + 11] = count;
    expect(judge('a.mp3', mp3).state).toBe('growing');
  });
});
