import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FileFacts } from '#src/domain/file-facts.ts';
import { derivedIn } from './derived.testing.ts';
import { measurePicture, shrinkPicture } from './pictures.ts';

const RECORDINGS = join(import.meta.dirname, '../../../domain/formats/fixtures');
let base: string;
let thumbsDir: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'thumbnails-'));
  thumbsDir = join(base, 'thumbs');
  await mkdir(thumbsDir);
});
afterEach(() => rm(base, { recursive: true, force: true }));

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
/** As the gallery asks: the file's path, or null. */
function createThumbnails(dir: string, now = () => 0) {
  const { derive } = derivedIn(dir, { now, log: quiet });
  return async (id: string, file: string, facts: FileFacts): Promise<string | null> => {
    const made = await derive('thumbnail', id, file, facts);
    return made.state === 'there' ? made.file : null;
  };
}
const listed = async () => (await readdir(thumbsDir)).filter((name) => name !== '.unfinished');

const picture = (mime: string): FileFacts => ({
  kind: 'image',
  mime,
  width: 1,
  height: 1,
  duration: null,
  codecs: null,
});
const plain = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: 'red' } });
const sizeOf = async (file: string | null) => {
  const { width, height, format } = await sharp(await readFile(file ?? '')).metadata();
  return { width, height, format };
};
const thumbnailOf = async (name: string, mime: string, content: Uint8Array | string) => {
  await writeFile(join(base, name), content);
  return createThumbnails(thumbsDir)('r', join(base, name), picture(mime));
};

test('a large picture becomes a small WebP, made once', async () => {
  const file = join(base, 'a.jpg');
  await plain(2000, 1000).jpeg().toFile(file);
  const thumbnail = createThumbnails(thumbsDir);
  const made = await Promise.all([1, 2, 3].map(() => thumbnail('r', file, picture('image/jpeg'))));
  expect(made).toEqual(Array(3).fill(join(thumbsDir, 'r.webp')));
  expect(await sizeOf(made[0] ?? null)).toEqual({ width: 640, height: 320, format: 'webp' });
  const { ino, mtimeMs } = await stat(join(thumbsDir, 'r.webp'));
  await createThumbnails(thumbsDir)('r', file, picture('image/jpeg'));
  expect(await stat(join(thumbsDir, 'r.webp'))).toMatchObject({ ino, mtimeMs });
  expect(await listed()).toEqual(['r.webp']);
});

test.each(['png', 'jpeg'] as const)('a %s that was cut short is drawn as far as it goes', async (format) => {
  const whole = await plain(200, 100).toFormat(format).toBuffer();
  const made = await thumbnailOf(`cut.${format}`, `image/${format}`, whole.subarray(0, whole.length - 30));
  expect(await sizeOf(made)).toEqual({ width: 200, height: 100, format: 'webp' });
});

test('a very large picture that would have to be held in memory whole is not drawn', async () => {
  const interlaced = await plain(64, 64).png({ progressive: true }).toBuffer();
  // Its size stands in the header, before the header's checksum.
  for (const at of [16, 20]) interlaced.writeUInt32BE(16_384, at);
  interlaced.writeUInt32BE(crc32(interlaced.subarray(12, 29)), 29);
  await writeFile(join(base, 'large.png'), interlaced);
  await expect(shrinkPicture(join(base, 'large.png'))).rejects.toThrow('too large to hold in memory');
});

test('many at once all get theirs', async () => {
  const file = join(base, 'a.png');
  await plain(50, 50).png().toFile(file);
  const thumbnail = createThumbnails(thumbsDir);
  const ids = Array.from({ length: 20 }, (_, index) => `r${index}`);
  await Promise.all(ids.map((id) => thumbnail(id, file, picture('image/png'))));
  expect((await listed()).length).toBe(20);
});

describe('the first frame of an animation', () => {
  const colours = [
    [255, 0, 0],
    [0, 0, 255],
  ] as const;
  const frames = () => {
    const raw = Buffer.concat(colours.map((colour) => Buffer.concat(Array(64 * 64).fill(Buffer.from(colour)))));
    return sharp(raw, { raw: { width: 64, height: 128, channels: 3, pageHeight: 64 } });
  };
  test.each([
    ['a.gif', 'image/gif', () => frames().gif().toBuffer()],
    ['a.webp', 'image/webp', () => frames().webp({ lossless: true }).toBuffer()],
  ])('%s', async (name, mime, content) => {
    const made = await thumbnailOf(name, mime, await content());
    expect(await sizeOf(made)).toMatchObject({ width: 64, height: 64 });
    const { channels } = await sharp(await readFile(made ?? '')).stats();
    expect(channels[0]?.mean).toBeGreaterThan(240);
    expect(channels[2]?.mean).toBeLessThan(15);
  });
  test.each([
    ['anim_webp_00001_.webp', 'image/webp'],
    ['anim_png_00001_.png', 'image/png'],
  ])('%s', async (name, mime) => {
    await copyFile(join(RECORDINGS, name), join(base, name));
    const made = await createThumbnails(thumbsDir)('r', join(base, name), picture(mime));
    expect((await sharp(made ?? '').metadata()).pages ?? 1).toBe(1);
    expect(await sizeOf(made)).toMatchObject({ width: 64, height: 64 });
  });
});

test('a picture taken sideways stands upright', async () => {
  const sideways = await plain(900, 300).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  expect(await sizeOf(await thumbnailOf('a.jpg', 'image/jpeg', sideways))).toMatchObject({ width: 213, height: 640 });
});

test('a drawing is measured by its first tag, and never drawn', async () => {
  const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60"><rect width="9" height="9"/></svg>';
  expect(await thumbnailOf('a.svg', 'image/svg+xml', drawing)).toBeNull();
  expect(await measurePicture(join(base, 'a.svg'), 'image/svg+xml')).toEqual({ width: 90, height: 60, duration: null });
});

test('no picture for what has none, cannot be read or is too large to draw', async () => {
  expect(await thumbnailOf('a.exr', 'image/x-exr', '\x76\x2f\x31\x01 but no picture')).toBeNull();
  const thumbnail = createThumbnails(thumbsDir);
  expect(await thumbnail('r', join(base, 'gone.png'), picture('image/png'))).toBeNull();
  expect(await thumbnail('r', join(base, 'a.exr'), { ...picture('video/mp4'), kind: 'video' })).toBeNull();
  expect(await thumbnail('r', join(base, 'a.exr'), { ...picture('audio/flac'), kind: 'audio' })).toBeNull();
  expect(await listed()).toEqual([]);
});

test.each(['../a', 'a/b', '', '.'])('refuses the id %j', async (id) => {
  const asked = createThumbnails(thumbsDir)(id, join(base, 'a.png'), picture('image/png'));
  await expect(asked).rejects.toMatchObject({ code: 'invalid_input' });
});

test('what cannot be made is not tried again at once, and later it is', async () => {
  const time = { now: 1000 };
  const thumbnail = createThumbnails(thumbsDir, () => time.now);
  const file = join(base, 'a.png');
  await writeFile(file, 'no picture');
  expect(await thumbnail('r', file, picture('image/png'))).toBeNull();
  await plain(10, 10).png().toFile(file);
  time.now += 9 * 60_000;
  expect(await thumbnail('r', file, picture('image/png'))).toBeNull();
  time.now += 2 * 60_000;
  expect(await thumbnail('r', file, picture('image/png'))).toBe(join(thumbsDir, 'r.webp'));
});

test('all that was made goes, and only of that result', async () => {
  const file = join(base, 'a.png');
  await plain(10, 10).png().toFile(file);
  const derived = derivedIn(thumbsDir, { now: () => 0, log: quiet });
  for (const id of ['r', 'r2']) {
    await derived.derive('thumbnail', id, file, picture('image/png'));
    await derived.derive('clean', id, file, picture('image/png'));
  }
  expect((await listed()).sort()).toEqual(['r.clean', 'r.webp', 'r2.clean', 'r2.webp']);
  await derived.discard('r');
  await derived.discard('r');
  expect((await listed()).sort()).toEqual(['r2.clean', 'r2.webp']);
});

test('nothing is begun after the end', async () => {
  const file = join(base, 'a.png');
  await plain(10, 10).png().toFile(file);
  const derived = derivedIn(thumbsDir, { now: () => 0, log: quiet });
  await derived.close();
  expect(await derived.derive('thumbnail', 'r', file, picture('image/png'))).toMatchObject({ state: 'none' });
  expect(await listed()).toEqual([]);
});
