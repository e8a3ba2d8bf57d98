import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf, cases, fixtures, judge, u32little } from './judging.testing.ts';
import { PICTURE_SIZES } from './pictures/picture-size.ts';
import { Window } from './reading/window.ts';

const TYPES: [name: string, state: string, mime: string, size?: readonly [width: number, height: number]][] = [
  ['empty.wav', 'unproven', 'audio/wav'],
  ['ffffffff.wav', 'unproven', 'audio/wav'],
  ['streamed.wav', 'unproven', 'audio/wav'],
  ['streamed-rf64.wav', 'unproven', 'audio/wav'],
  ['rf64.wav', 'whole', 'audio/wav'],
  ['streamed.flac', 'unproven', 'audio/flac'],
  ['streamed.mp3', 'unproven', 'audio/mpeg'],
  ['streamed.avi', 'unproven', 'video/x-msvideo'],
  ['recorded.webm', 'unproven', 'video/webm'],
  ['fragments.mp4', 'whole', 'video/mp4'],
  ['itxt.png', 'whole', 'image/png'],
  ['huge16384.png', 'whole', 'image/png'],
  ['plain.tiff', 'unproven', 'image/tiff'],
  ['plain.bmp', 'whole', 'image/bmp', [40, 24]],
  ['plain.exr', 'whole', 'image/x-exr', [40, 24]],
  ['zip16.exr', 'whole', 'image/x-exr', [40, 24]],
  ['plain.jxl', 'unproven', 'image/jxl', [40, 24]],
  ['plain.jp2', 'whole', 'image/jp2', [40, 24]],
];

test('every case has a row', () => {
  expect(cases.map(({ name }) => name).sort()).toEqual(TYPES.map(([name]) => name).sort());
});

const bytesOfCase = (name: string): Uint8Array => cases.find((one) => one.name === name)?.bytes ?? new Uint8Array();

test.each(TYPES)('%s is %s', (name, state, mime, size) => {
  const bytes = bytesOfCase(name);
  expect(judge(name, bytes)).toEqual({ state, kind: mime.split('/')[0], mime });
  const measured = measure(mime, bytes);
  expect(measured).toEqual(size ? { width: size[0], height: size[1] } : null);
});

function measure(mime: string, bytes: Uint8Array) {
  const asking = PICTURE_SIZES.get(mime)?.(new Window(bytes.length));
  let step = asking?.next();
  while (step && !step.done) {
    const { offset, length } = step.value;
    step = asking?.next(bytes.subarray(offset, offset + length));
  }
  return step?.value ?? null;
}

const boxed = (...parts: (Uint8Array | string)[]) => bytesOf('\0\0\0\x0cJXL \r\n\x87\n', ...parts);
const psd = (version: string, ...sections: string[]) =>
  bytesOf('8BPS\0', version, '\0\0\0\0\0\0', '\0\x03', '\0\0\0\x14', '\0\0\0\x1e', '\0\x08\0\x03', ...sections);
const none = '\0\0\0\0';

test.each<[string, string, Uint8Array, string, { width: number; height: number } | null]>([
  [
    'a.hdr',
    'image/vnd.radiance',
    bytesOf('#?RGBE\nEXPOSURE=1\n\n-Y 20 +X 30\n', 'rows'),
    'unproven',
    { width: 30, height: 20 },
  ],
  [
    'boxed.jxl',
    'image/jxl',
    boxed('\0\0\0\x0cjxlc', bytesOfCase('plain.jxl').subarray(0, 4)),
    'whole',
    { width: 40, height: 24 },
  ],
  ['open.jxl', 'image/jxl', boxed('\0\0\0\0jxlc', bytesOfCase('plain.jxl')), 'unproven', { width: 40, height: 24 }],
  [
    'parts.jxl',
    'image/jxl',
    boxed('\0\0\0\x10jxlp\x80\0\0\0', bytesOfCase('plain.jxl').subarray(0, 4)),
    'whole',
    { width: 40, height: 24 },
  ],
  [
    'a.psd',
    'image/vnd.adobe.photoshop',
    psd('\x01', none, none, none, '\0\0pixels'),
    'unproven',
    { width: 30, height: 20 },
  ],
  [
    'a.psb',
    'image/vnd.adobe.photoshop',
    psd('\x02', none, none, none, none, '\0\0pixels'),
    'unproven',
    { width: 30, height: 20 },
  ],
])('%s', (name, mime, bytes, state, size) => {
  expect(judge(name, bytes)).toEqual({ state, kind: 'image', mime });
  expect(measure(mime, bytes)).toEqual(size);
});

test.each([
  ['parts.jxl', boxed('\0\0\0\x10jxlp\0\0\0\0', bytesOfCase('plain.jxl').subarray(0, 4))],
  ['a.psd', psd('\x01', none, none, '\0\0\0\x20layers')],
])('%s is still to come', (name, bytes) => expect(judge(name, bytes).state).toBe('growing'));

test('a BMP whose length is too large or missing, and one without its last row', () => {
  const said = (length: number) => {
    const bytes = bytesOfCase('plain.bmp').slice();
    bytes.set(u32little(length), 2);
    return bytes;
  };
  expect([0, 0xffffffff].map((length) => judge('a.bmp', said(length)).state)).toEqual(['unproven', 'unproven']);
  expect(judge('a.bmp', said(0).subarray(0, -1)).state).toBe('growing');
});

test('a file cut anywhere is neither whole nor broken', () => {
  const file = fc.constantFrom(...fixtures, ...cases);
  fc.assert(
    fc.property(file, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), ({ name, bytes }, part) => {
      const state = judge(name, bytes.subarray(0, Math.floor(bytes.length * part))).state;
      expect(['growing', 'unproven']).toContain(state);
    }),
    { numRuns: 3000 },
  );
});
