import sharp, { type Exif } from 'sharp';
import { describe, expect, test } from 'vitest';
import { Window } from '../reading/window.ts';
import { jpegText, webpText } from './exif-text.ts';

const FINDERS = { jpeg: jpegText, webp: webpText };
type Kind = keyof typeof FINDERS;

function read(kind: Kind, bytes: Uint8Array, key: string): string | null {
  const reading = FINDERS[kind](new Window(bytes.length), key);
  let step = reading.next();
  while (!step.done) step = reading.next(bytes.subarray(step.value.offset, step.value.offset + step.value.length));
  return step.value;
}

/** Written by another program than ours; it knows ASCII only. */
const picture = (kind: Kind, exif: Exif): Promise<Buffer> =>
  sharp({ create: { width: 16, height: 16, channels: 3, background: 'navy' } })
    .withExif(exif)
    .toFormat(kind)
    .toBuffer();

const PROMPT = '{"1":{"class_type":"KSampler"}}';
const WORKFLOW = '{"nodes":["rain"]}';

describe.each<Kind>(['jpeg', 'webp'])('%s', (kind) => {
  test.each<[string, Exif]>([
    ['Make and Model, as ComfyUI has them', { IFD0: { Make: `workflow:${WORKFLOW}`, Model: `prompt:${PROMPT}` } }],
    ['any other text', { IFD0: { ImageDescription: `Workflow:${WORKFLOW}`, Software: `Prompt:${PROMPT}` } }],
    ['behind a longer key', { IFD0: { Artist: 'prompt2:1', Make: `prompt:${PROMPT}`, Model: `workflow:${WORKFLOW}` } }],
  ])('%s', async (_, exif) => {
    const bytes = await picture(kind, exif);
    expect([read(kind, bytes, 'prompt'), read(kind, bytes, 'workflow')]).toEqual([PROMPT, WORKFLOW]);
  });

  test('the user’s comment', async () => {
    const bytes = await picture(kind, { IFD2: { UserComment: `workflow:${PROMPT}` } });
    expect(read(kind, bytes, 'workflow')).toBe(PROMPT);
  });

  test('nothing where there is none', async () => {
    const bytes = await picture(kind, { IFD0: { Make: 'Canon', Model: 'workflow' } });
    expect([read(kind, bytes, 'workflow'), read(kind, bytes.subarray(0, 40), 'workflow')]).toEqual([null, null]);
  });
});

const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
const u32 = (value: number): Buffer => Buffer.from([0, value >> 16, (value >> 8) & 255, value & 255]);
const jpeg = (exif: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe1]), u16(exif.length + 8), Buffer.from('Exif\0\0'), exif]);
const entry = (tag: number, type: number, length: number, at: number): Buffer =>
  Buffer.concat([u16(tag), u16(type), u32(length), u32(at)]);

test.each(['utf-16be', 'utf-16le'])('a comment in %s', (encoding) => {
  const text = Buffer.from('workflow:{"雨":1}', 'utf16le');
  const comment = Buffer.concat([Buffer.from('UNICODE\0'), encoding === 'utf-16be' ? text.swap16() : text]);
  const sub = Buffer.concat([u16(1), entry(0x9286, 7, comment.length, 44), u32(0)]);
  const exif = Buffer.concat([Buffer.from('MM\0*\0\0\0\x08'), u16(1), entry(0x8769, 4, 1, 26), u32(0), sub, comment]);
  expect(read('jpeg', jpeg(exif), 'workflow')).toBe('{"雨":1}');
});

test('a directory that points at itself, and one that ends nowhere', () => {
  const self = Buffer.concat([Buffer.from('MM\0*\0\0\0\x08'), u16(1), entry(0x8769, 4, 1, 8), u32(0)]);
  expect(read('jpeg', jpeg(self), 'workflow')).toBeNull();
  expect(read('jpeg', jpeg(Buffer.from('MM\0*\0\0\0\x08\xff\xff', 'latin1')), 'workflow')).toBeNull();
});
