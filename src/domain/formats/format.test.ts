import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ascii, bytesOf, fixtures, judge, run } from './judging.testing.ts';

describe('recordings of a real worker', () => {
  const types: [start: string, kind: string, mime: string][] = [
    ['image_', 'image', 'image/png'],
    ['batch_', 'image', 'image/png'],
    ['anim_png', 'image', 'image/png'],
    ['anim_webp', 'image', 'image/webp'],
    ['video', 'video', 'video/mp4'],
    ['webm', 'video', 'video/webm'],
    ['audio_0', 'audio', 'audio/flac'],
    ['audio_mp3', 'audio', 'audio/mpeg'],
    ['audio_opus', 'audio', 'audio/ogg'],
    ['latent', 'model', 'application/octet-stream'],
  ];

  test('every recording has a type below', () => {
    expect(fixtures.filter(({ name }) => !types.some(([start]) => name.startsWith(start)))).toEqual([]);
    expect(fixtures.length).toBeGreaterThan(12);
  });

  test.each(types)('%s is whole', (start, kind, mime) => {
    for (const { name, bytes } of fixtures.filter((one) => one.name.startsWith(start))) {
      expect([name, judge(name, bytes)]).toEqual([name, { state: 'whole', kind, mime }]);
    }
  });

  test.each(fixtures)('no first part of $name is whole or broken', ({ name, bytes }) => {
    const states = new Set<string>();
    for (let length = 0; length < bytes.length; length++) states.add(judge(name, bytes.subarray(0, length)).state);
    // A stopped recording ends at the end of a block, and so can the first part of a file.
    expect([...states].filter((state) => state !== 'growing')).toEqual(name.endsWith('.opus') ? ['unproven'] : []);
  });

  test.each(fixtures.filter(({ name }) => !name.endsWith('.mp3')))('$name is known under any name', ({ bytes }) => {
    expect(judge('result.xyz', bytes).state).toBe('whole');
    expect(judge('result.png', bytes)).toEqual(judge('result', bytes));
    expect(judge('result.txt', bytes)).toEqual({ state: 'unproven', kind: 'other', mime: 'text/plain' });
  });

  test.each(fixtures)('a $name in a hole of zeros is still growing', ({ name, bytes }) => {
    expect(judge(name, new Uint8Array(bytes.length)).state).toBe('growing');
  });
});

describe('any bytes have a verdict', () => {
  const name = fc.constantFrom(...fixtures.map((one) => one.name), 'a.svg', 'a.glb', 'a.gif', 'a.jpg', 'a.zip', 'a');

  test('random bytes', () => {
    fc.assert(
      fc.property(name, fc.uint8Array({ maxLength: 3000 }), (file, bytes) => {
        expect(judge(file, bytes)).toHaveProperty('state');
      }),
      { numRuns: 2000 },
    );
  });

  test('random bytes after a signature', () => {
    const signature = fc.constantFrom(
      ...[
        '\x89PNG\r\n\x1a\n',
        'RIFFxxxxWAVE',
        'RF64xxxxWAVE',
        'GIF89a',
        '\xff\xd8\xff',
        'fLaC\0\0\0\x22',
        'ID3\x04\0\0\0\0\0\x01',
      ],
      ...[
        'OggS\0',
        'glTF',
        'PK\x03\x04',
        'II*\0',
        'MM\0+',
        '\0\0\0\x10ftypisom',
        '\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x01',
      ],
      ...['<svg', '<?xml', '<!DOCTYPE [', '\x10\0\0\0\0\0\0\0{', '\xff\xfb\x90\x00', '\0\0\0\x01mdat'],
    );
    fc.assert(
      fc.property(name, signature, fc.uint8Array({ maxLength: 2000 }), (file, start, bytes) => {
        expect(judge(file, bytesOf(start, bytes))).toHaveProperty('state');
      }),
      { numRuns: 3000 },
    );
  });

  test('recordings with changed and missing bytes', () => {
    const change = fc.record({ at: fc.nat(), to: fc.constantFrom(0, 1, 2, 0x7f, 0x80, 0xfe, 0xff) });
    const picked = fc.constantFrom(...fixtures);
    fc.assert(
      fc.property(picked, fc.array(change, { maxLength: 12 }), fc.nat(), fc.boolean(), (one, changes, cut, cuts) => {
        const bytes = one.bytes.slice(0, cuts ? cut % (one.bytes.length + 1) : one.bytes.length);
        for (const { at, to } of changes) bytes[at % Math.min(bytes.length, 300)] = to;
        expect(judge(one.name, bytes)).toHaveProperty('state');
      }),
      { numRuns: 3000 },
    );
  });

  test('a file that shrinks while it is read', () => {
    for (const { name: file, bytes } of fixtures) {
      const { verdict } = run(file, bytes.length, ({ offset, length }) =>
        bytes.subarray(offset, Math.min(offset + length, bytes.length / 2)),
      );
      expect(verdict).toHaveProperty('state');
    }
  });
});

describe('names count only if the content is ambiguous', () => {
  const cases: [name: string, content: string, state: string][] = [
    ['a.png', '', 'growing'],
    ['a.xyz', '', 'growing'],
    ...'txt md csv tsv json jsonl srt vtt log caption yaml'
      .split(' ')
      .map((extension): [string, string, string] => [`a.${extension}`, '', 'unproven']),
    ['a.txt', 'glTF is a format', 'unproven'],
    ['a.md', 'RIFF and RAFF went to sea', 'unproven'],
    ['a.csv', 'PK\x03\x04,PK,ID3', 'unproven'],
    ['a.txt', '<svg> not closed', 'unproven'],
    ['a.json', 'RIFFxxxxWAVE', 'unproven'],
    ['a.json', '{"seed": NaN}', 'unproven'],
    ['a.png', '\x89PN', 'growing'],
    ['a.png', 'this is surely no picture', 'broken'],
    ['a.mp4', 'this is surely no film, but text', 'broken'],
    ['a.svg', 'this is surely no picture', 'broken'],
    ['a.txt', 'hi', 'unproven'],
    ['a.xyz', 'hi', 'unproven'],
    ['noextension', 'some content of an unknown kind', 'unproven'],
    ['a.json', '{"a": [1, 2]}', 'whole'],
    ['a.json', '{"a": [1, 2]', 'unproven'],
    ['a.json', '12', 'unproven'],
    ['a.exr', '\x76\x2f\x31\x01 and more', 'growing'],
    ['a.hdr', '#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n', 'growing'],
    ['a.hdr', '#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 20 +X 30\n', 'unproven'],
    ['a.bmp', 'this is surely no picture', 'broken'],
    ['a.bmp', 'BM', 'growing'],
    ['a.tiff', 'II*\0\0\0\0\0 the directory is not there yet', 'growing'],
    ['a.tiff', 'II*\0\x08\0\0\0 the directory is there', 'unproven'],
  ];
  test.each(cases)('%s with %j is %s', (name, content, state) => {
    expect(judge(name, ascii(content)).state).toBe(state);
  });

  test('an unknown file is served as bytes', () => {
    expect(judge('a.xyz', ascii('some content of an unknown kind'))).toEqual({
      state: 'unproven',
      kind: 'other',
      mime: 'application/octet-stream',
    });
  });

  test('markup that is not an SVG is not served as markup', () => {
    expect(judge('a.svg', ascii('<html><body></body></html>'))).toMatchObject({ mime: 'application/octet-stream' });
    expect(judge('a.html', ascii('<html><body></body></html>'))).toMatchObject({ mime: 'application/octet-stream' });
  });
});
