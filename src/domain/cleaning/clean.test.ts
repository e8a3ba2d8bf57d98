import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RewrittenType } from '../files/derived.ts';
import { bytesOf, fixture, u32, u32little } from '../formats/judging.testing.ts';
import { Window } from '../formats/reading/window.ts';
import { CLEANERS } from './clean.ts';
import { exifOf, orientationOf } from './exif.ts';

/** The clean copy of these bytes, assembled as an adapter does. */
function clean(mime: RewrittenType, bytes: Uint8Array): Uint8Array | null {
  const asking = CLEANERS[mime](new Window(bytes.length));
  let step = asking.next();
  while (!step.done) {
    const { offset, length } = step.value;
    step = asking.next(bytes.subarray(offset, offset + length));
  }
  return (
    step.value &&
    bytesOf(...step.value.map((piece) => ('from' in piece ? bytes.subarray(piece.from, piece.to) : piece)))
  );
}
const text = (bytes: Uint8Array | null): string => (bytes === null ? 'none' : Buffer.from(bytes).toString('latin1'));

const png = (...chunks: Uint8Array[]) =>
  bytesOf(
    '\x89PNG\r\n\x1a\n',
    chunk('IHDR', new Uint8Array(13)),
    ...chunks,
    chunk('IDAT', 'pixels'),
    chunk('IEND', ''),
  );
const chunk = (type: string, body: Uint8Array | string) =>
  bytesOf(u32(body.length), type, body, type === 'eXIf' ? u32(0) : 'crc.');

describe('PNG', () => {
  test.each(['tEXt', 'iTXt', 'zTXt', 'eXIf', 'tIME', 'comf', 'prVt'])('%s is removed', (type) => {
    expect(text(clean('image/png', png(chunk(type, 'prompt\0secret'))))).toBe(text(png()));
  });
  test.each(['PLTE', 'tRNS', 'gAMA', 'iCCP', 'acTL', 'fcTL', 'fdAT', 'pHYs'])('%s is kept', (type) => {
    const kept = png(chunk(type, 'value'));
    expect(text(clean('image/png', kept))).toBe(text(kept));
  });
  test('data after the end is removed', () => {
    expect(text(clean('image/png', bytesOf(png(), 'secret')))).toBe(text(png()));
  });
  test('only the orientation remains of its EXIF', () => {
    const cleaned = clean('image/png', png(chunk('eXIf', bytesOf(exifOf(6), 'secret'))));
    expect(text(cleaned)).toContain(`eXIf${text(exifOf(6))}`);
    expect(text(cleaned)).not.toContain('secret');
    expect(text(clean('image/png', cleaned ?? new Uint8Array()))).toBe(text(cleaned));
  });
});

describe('JPEG', () => {
  const segment = (marker: number, body: Uint8Array | string) =>
    bytesOf(Uint8Array.of(0xff, marker, 0, body.length + 2), body);
  const jpeg = (...segments: Uint8Array[]) =>
    bytesOf(
      '\xff\xd8',
      ...segments,
      segment(0xdb, 'tables'),
      segment(0xda, 'scan'),
      'data\xff\x00more\xff\xd3rest',
      '\xff\xd9',
    );
  test.each<[string, Uint8Array]>([
    ['a comment', segment(0xfe, 'secret')],
    ['EXIF', segment(0xe1, 'Exif\0\0II*\0\x08\0\0\0\0\0secret')],
    ['XMP', segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0secret')],
    ['Photoshop', segment(0xed, 'Photoshop 3.0\0secret')],
    ['a small picture of its own', segment(0xe0, 'JFXX\0secret')],
  ])('%s is removed', (_, part) => expect(text(clean('image/jpeg', jpeg(part)))).toBe(text(jpeg())));
  test.each<[string, Uint8Array]>([
    ['JFIF', segment(0xe0, 'JFIF\0\x01\x02\0\0\x01\0\x01\0\0')],
    ['the colour profile', segment(0xe2, 'ICC_PROFILE\0\x01\x01colours')],
    ['the kind of colours', segment(0xee, 'Adobe\0d\0\0\0\0\x01')],
  ])('%s is kept', (_, part) => expect(text(clean('image/jpeg', jpeg(part)))).toBe(text(jpeg(part))));
  test('between scans and after the end, too', () => {
    const scans = bytesOf(
      '\xff\xd8',
      segment(0xda, 'one'),
      'data',
      segment(0xfe, 'secret'),
      segment(0xda, 'two'),
      'data\xff\xd9',
    );
    expect(text(clean('image/jpeg', bytesOf(scans, 'secret')))).toBe(
      text(bytesOf('\xff\xd8', segment(0xda, 'one'), 'data', segment(0xda, 'two'), 'data\xff\xd9')),
    );
  });
  test('only the orientation remains of its EXIF', () => {
    const cleaned = clean('image/jpeg', jpeg(segment(0xe1, bytesOf('Exif\0\0', exifOf(8), 'secret'))));
    expect(text(cleaned)).toBe(text(jpeg(segment(0xe1, bytesOf('Exif\0\0', exifOf(8))))));
  });
});

describe('WebP', () => {
  const part = (type: string, body: string) =>
    bytesOf(type, u32little(body.length), body, body.length % 2 === 1 ? '\0' : '');
  const webp = (...parts: Uint8Array[]) => {
    const body = bytesOf('WEBP', ...parts);
    return bytesOf('RIFF', u32little(body.length), body);
  };
  const header = (flags: string) => part('VP8X', `${flags}\0\0\0\x07\0\0\x07\0\0`);
  test('what is not shown is removed, also from its flags', () => {
    const given = webp(
      header('\x3c'),
      part('ICCP', 'abc'),
      part('VP8L', 'pixels'),
      part('EXIF', 'secret'),
      part('XMP ', 'secret'),
    );
    expect(text(clean('image/webp', given))).toBe(
      text(webp(header('\x30'), part('ICCP', 'abc'), part('VP8L', 'pixels'))),
    );
  });
  test('a plain one is unchanged', () => {
    expect(text(clean('image/webp', webp(part('VP8 ', 'pixel'))))).toBe(text(webp(part('VP8 ', 'pixel'))));
  });
  test('only the orientation remains of its EXIF', () => {
    const exif = text(bytesOf(exifOf(3), 'secret'));
    const given = webp(header('\x08'), part('VP8L', 'pixels'), part('EXIF', exif));
    expect(text(clean('image/webp', given))).toBe(
      text(webp(header('\x08'), part('VP8L', 'pixels'), part('EXIF', text(exifOf(3))))),
    );
  });
});

describe('GIF', () => {
  const head = 'GIF89a\x01\0\x01\0\x80\0\0abcdef';
  const frame = '\x21\xf9\x04\0\x0a\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0';
  const repeat = '\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0';
  test('comments and foreign applications go, repeating stays', () => {
    const given = `${head}\x21\xfe\x06secret\0${repeat}\x21\xff\x0bXMP DataXMP\x06secret\0${frame};secret`;
    expect(text(clean('image/gif', bytesOf(given)))).toBe(`${head}${repeat}${frame};`);
  });
});

describe('SVG', () => {
  test.each([
    ['<svg><metadata id="a>b"><![CDATA[{"x":"</metadata> secret"}]]></metadata><g/></svg>', '<svg><g/></svg>'],
    ['<svg><metadata/><g/></svg>', '<svg><g/></svg>'],
    ['<s:svg><s:metadata><s:metadata>secret</s:metadata>secret</s:metadata><s:g/></s:svg>', '<s:svg><s:g/></s:svg>'],
    ['<svg><!-- secret <metadata> --><g/></svg>', '<svg><g/></svg>'],
    ['<svg><style><![CDATA[a<b]]></style>雨</svg>', '<svg><style><![CDATA[a<b]]></style>雨</svg>'],
    [
      '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b>">]><svg/>',
      '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b>">]><svg/>',
    ],
    ['<svg><metadataless/></svg>', '<svg><metadataless/></svg>'],
  ])('%s', (given, expected) => {
    const cleaned = clean('image/svg+xml', new TextEncoder().encode(given));
    expect(new TextDecoder().decode(cleaned ?? new Uint8Array())).toBe(expected);
  });
  test.each(['<svg><metadata>secret</svg>', '<svg><!-- secret', '<svg a="', '<svg>\xff'])('%j has none', (given) =>
    expect(clean('image/svg+xml', bytesOf(given))).toBeNull(),
  );
  test('a megabyte without an end is rejected quickly', () => {
    expect(clean('image/svg+xml', bytesOf('<metadata '.repeat(100_000)))).toBeNull();
  });
});

describe('GLB', () => {
  const glb = (json: object) => {
    const body = JSON.stringify(json).padEnd(Math.ceil(JSON.stringify(json).length / 4) * 4);
    const rest = bytesOf(u32little(4), 'BIN\0', 'mesh');
    return bytesOf(
      'glTF',
      u32little(2),
      u32little(20 + body.length + rest.length),
      u32little(body.length),
      'JSON',
      body,
      rest,
    );
  };
  test('the extras of its asset are removed', () => {
    const given = glb({ asset: { version: '2.0', extras: { prompt: 'secret' } }, meshes: [1] });
    expect(text(clean('model/gltf-binary', given))).toBe(text(glb({ asset: { version: '2.0' }, meshes: [1] })));
  });
  test('one with invalid JSON has none', () => {
    expect(clean('model/gltf-binary', bytesOf('glTF', u32(2), u32(30), u32little(4), 'JSON', '{{{{'))).toBeNull();
  });
});

test('the orientation, in both byte orders', () => {
  const big = bytesOf('MM\0*', u32(8), '\0\x01', '\x01\x12\0\x03', u32(1), '\0\x06\0\0', u32(0));
  expect([orientationOf(big), orientationOf(bytesOf('Exif\0\0', big)), orientationOf(exifOf(5))]).toEqual([6, 6, 5]);
  expect(orientationOf(bytesOf('garbage'))).toBe(1);
});

test.each<[RewrittenType, () => Uint8Array]>([
  ['image/png', () => fixture('image_00001_')],
  ['image/png', () => fixture('anim_png')],
  ['image/webp', () => fixture('anim_webp')],
])('what is cleaned stays as it is when it is cleaned again; %s', (mime, given) => {
  const once = clean(mime, given());
  expect(text(clean(mime, once ?? new Uint8Array()))).toBe(text(once));
  expect(text(once).length).toBeLessThan(given().length);
});

test('any input ends', () => {
  const starts: Record<RewrittenType, string> = {
    'image/png': '\x89PNG\r\n\x1a\n',
    'image/webp': 'RIFF\xff\0\0\0WEBP',
    'image/jpeg': '\xff\xd8\xff',
    'image/gif': 'GIF89a',
    'image/svg+xml': '<svg>',
    'model/gltf-binary': 'glTF\x02\0\0\0',
  };
  const types = fc.constantFrom<RewrittenType>(
    'image/png',
    'image/webp',
    'image/jpeg',
    'image/gif',
    'image/svg+xml',
    'model/gltf-binary',
  );
  fc.assert(
    fc.property(types, fc.uint8Array({ maxLength: 400 }), (mime, rest) => {
      clean(mime, bytesOf(starts[mime], rest));
    }),
    { numRuns: 2000 },
  );
});
