import { execFile, spawnSync } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { FileFacts, ResultKind } from '#src/domain/file-facts.ts';
import { STORYBOARD_FRAMES, WAVEFORM_PEAKS } from '#src/domain/files/derived.ts';
import { derivedIn } from './derived.testing.ts';
import { measureMedia } from './media.ts';

const run = promisify(execFile);
const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
const encoders = hasFfmpeg ? spawnSync('ffmpeg', ['-v', 'error', '-encoders']).stdout.toString() : '';
const RECORDINGS = join(import.meta.dirname, '../../../domain/formats/fixtures');
/** What a worker writes about the making; none of it may be left. */
const TRACES = /comfyume|qm_job|class_type|KSampler|"prompt"|"workflow"|last_node_id|filename_prefix|PROMPT|secret/;

let base: string;
let derived: ReturnType<typeof derivedIn>;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'copies-'));
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  derived = derivedIn(join(base, 'made'), { now: () => 0, log });
});
afterAll(async () => {
  await derived.close();
  await rm(base, { recursive: true, force: true });
});

const KINDS: Readonly<Record<string, ResultKind>> = { image: 'image', video: 'video', audio: 'audio', model: 'model' };
const facts = (mime: string, duration: number | null = null): FileFacts => ({
  kind: KINDS[mime.split('/')[0] ?? ''] ?? 'other',
  mime,
  width: null,
  height: null,
  duration,
  codecs: null,
});
let made = 0;
const newId = () => `r${++made}`;
const fileOf = (one: Awaited<ReturnType<typeof derived.derive>>): string => {
  if (one.state !== 'there') throw new Error(one.state === 'none' ? one.why : 'not yet');
  return one.file;
};
const latin1 = async (file: string) => (await readFile(file)).toString('latin1');

describe('clean copies of pictures that a worker made', () => {
  test.each([
    ['image_00001_.png', 'image/png'],
    ['image_custom_key_00001_.png', 'image/png'],
    ['anim_png_00001_.png', 'image/png'],
    ['anim_webp_00001_.webp', 'image/webp'],
  ])('%s', async (name, mime) => {
    const file = join(RECORDINGS, name);
    expect(await latin1(file)).toMatch(TRACES);
    const clean = fileOf(await derived.derive('clean', newId(), file, facts(mime)));
    expect(await latin1(clean)).not.toMatch(TRACES);
    const pixels = (path: string) => sharp(path, { animated: true }).raw().toBuffer();
    expect((await pixels(clean)).equals(await pixels(file))).toBe(true);
    const frames = async (path: string) => {
      const { pages, delay, loop, width, height } = await sharp(path, { animated: true }).metadata();
      return { pages, delay, loop, width, height };
    };
    expect(await frames(clean)).toEqual(await frames(file));
  });

  const noise = () =>
    sharp({
      create: {
        width: 90,
        height: 60,
        channels: 3,
        background: 'grey',
        noise: { type: 'gaussian', mean: 128, sigma: 40 },
      },
    }).withExif({ IFD0: { ImageDescription: 'secret words', Copyright: 'secret' } });
  test.each([
    ['plain.jpg', 'image/jpeg', () => noise().jpeg()],
    ['progressive.jpg', 'image/jpeg', () => noise().jpeg({ progressive: true })],
    ['profile.jpg', 'image/jpeg', () => noise().withIccProfile('p3').jpeg()],
    ['cmyk.jpg', 'image/jpeg', () => noise().toColourspace('cmyk').jpeg()],
    [
      'sideways.jpg',
      'image/jpeg',
      () =>
        noise()
          .withMetadata({ orientation: 6, exif: { IFD0: { Make: 'secret' } } })
          .jpeg(),
    ],
    [
      'sideways.png',
      'image/png',
      () =>
        noise()
          .withMetadata({ orientation: 6, exif: { IFD0: { Make: 'secret' } } })
          .png(),
    ],
    [
      'sideways.webp',
      'image/webp',
      () =>
        noise()
          .withMetadata({ orientation: 6, exif: { IFD0: { Make: 'secret' } } })
          .webp(),
    ],
    ['lossless.webp', 'image/webp', () => noise().webp({ lossless: true })],
  ])('%s, written by sharp', async (name, mime, picture) => {
    const file = join(base, name);
    await picture().toFile(file);
    expect(await latin1(file)).toMatch(TRACES);
    const clean = fileOf(await derived.derive('clean', newId(), file, facts(mime)));
    expect(await latin1(clean)).not.toMatch(TRACES);
    const shown = async (path: string) => {
      const { autoOrient, space, icc } = await sharp(path).metadata();
      return { autoOrient, space, icc: icc?.length, pixels: (await sharp(path).raw().toBuffer()).toString('base64') };
    };
    expect(await shown(clean)).toEqual(await shown(file));
  });

  test('one that is not whole has none', async () => {
    const file = join(base, 'cut.png');
    await writeFile(file, (await readFile(join(RECORDINGS, 'image_00001_.png'))).subarray(0, -20));
    expect(await derived.derive('clean', newId(), file, facts('image/png'))).toMatchObject({ state: 'none' });
  });

  test('and of what cannot have one there is none', async () => {
    const latent = join(RECORDINGS, 'latent_00001_.latent');
    expect(await derived.derive('clean', newId(), latent, facts('application/octet-stream'))).toEqual({
      state: 'none',
      why: 'No copy without metadata of this file.',
    });
  });
});

describe('the waveform of a WAV needs no ffmpeg', () => {
  const wav = (
    tag: number,
    bits: number,
    samples: readonly number[],
    write: (b: Buffer, v: number, at: number) => void,
  ) => {
    const data = Buffer.alloc(samples.length * (bits / 8));
    for (const [index, sample] of samples.entries()) write(data, sample, index * (bits / 8));
    const head = Buffer.alloc(44);
    head.write('RIFF', 0);
    head.writeUInt32LE(36 + data.length, 4);
    head.write('WAVEfmt ', 8);
    head.writeUInt32LE(16, 16);
    head.writeUInt16LE(tag, 20);
    head.writeUInt16LE(1, 22);
    head.writeUInt32LE(8000, 24);
    head.writeUInt16LE(bits, 34);
    head.write('data', 36);
    head.writeUInt32LE(data.length, 40);
    return Buffer.concat([head, data]);
  };
  /** Silence, then half as loud as can be, then as loud as can be. */
  const loudness = Array.from(
    { length: 60_000 },
    (_, at) => (at < 20_000 ? 0 : at < 40_000 ? 0.5 : 1) * (at % 2 ? 1 : -1),
  );
  test.each<[string, number, number, (b: Buffer, v: number, at: number) => void]>([
    ['8 bits', 1, 8, (b, v, at) => b.writeUInt8(Math.min(255, Math.round(128 + v * 128)), at)],
    ['16 bits', 1, 16, (b, v, at) => b.writeInt16LE(Math.round(v * 32_767), at)],
    ['24 bits', 1, 24, (b, v, at) => b.writeIntLE(Math.round(v * 8_388_607), at, 3)],
    ['32 bits', 1, 32, (b, v, at) => b.writeInt32LE(Math.round(v * 2_147_483_647), at)],
    ['floats', 3, 32, (b, v, at) => b.writeFloatLE(v, at)],
  ])('%s', async (_, tag, bits, write) => {
    const file = join(base, `${bits}-${tag}.wav`);
    await writeFile(file, wav(tag, bits, loudness, write));
    const peaks = await waveform(file, 'audio/wav', 7.5);
    expect(peaks).toHaveLength(WAVEFORM_PEAKS);
    const third = (n: number) => peaks.slice((n * 400) / 3 + 3, ((n + 1) * 400) / 3 - 3);
    expect(new Set(third(0))).toEqual(new Set([0]));
    expect(third(1).every((peak) => Math.abs(peak - 50) <= 1)).toBe(true);
    expect(third(2).every((peak) => peak >= 99)).toBe(true);
  });
});

const shape = z.array(z.number().int().min(0).max(100));
const waveform = async (file: string, mime: string, duration: number) =>
  shape.parse(
    JSON.parse(await readFile(fileOf(await derived.derive('waveform', newId(), file, facts(mime, duration))), 'utf8')),
  );

test('without ffmpeg a film has none of these, in words', async () => {
  vi.stubEnv('PATH', join(base, 'nothing'));
  try {
    const film = join(RECORDINGS, 'video_00001_.mp4');
    for (const what of ['storyboard', 'proxy', 'clean'] as const)
      expect(await derived.derive(what, newId(), film, facts('video/mp4', 1))).toEqual({
        state: 'none',
        why: expect.stringMatching(/^No .* of this file: ffmpeg is not installed on the server\.$/),
      });
    expect(await derived.derive('thumbnail', newId(), film, facts('video/mp4', 1))).toMatchObject({ state: 'none' });
  } finally {
    vi.unstubAllEnvs();
  }
});

describe.skipIf(!hasFfmpeg)('with ffmpeg (skipped where it is not installed)', () => {
  const films: [name: string, encoder: string, options: string, mime: string][] = [
    ['h264.mp4', 'libx264', '-c:v libx264 -c:a aac', 'video/mp4'],
    ['hevc.mp4', 'libx265', '-c:v libx265 -x265-params log-level=error -tag:v hvc1 -c:a aac', 'video/mp4'],
    ['vp9.webm', 'libvpx-vp9', '-c:v libvpx-vp9 -deadline realtime -c:a libopus', 'video/webm'],
    ['prores.mov', 'prores_ks', '-c:v prores_ks -c:a pcm_s16le', 'video/quicktime'],
    ['mpeg4.mp4', 'mpeg4', '-c:v mpeg4 -c:a aac', 'video/mp4'],
    ['mpeg4.avi', 'mpeg4', '-c:v mpeg4 -c:a mp3', 'video/x-msvideo'],
    ['ffv1.mkv', 'ffv1', '-c:v ffv1 -c:a flac', 'video/x-matroska'],
  ];
  const tags =
    '-metadata prompt={"class_type":"KSampler"} -metadata title=secret\u00a0words -metadata:s:v:0 comment=secret\u00a0words -movflags use_metadata_tags';
  const film = (name: string, options: string, seconds = 1) =>
    run('ffmpeg', [
      ...`-v error -y -f lavfi -i testsrc=d=${seconds}:s=1502x400:r=6 -f lavfi -i sine=d=${seconds}`.split(' '),
      ...`${options} ${tags}`.split(' '),
      join(base, name),
    ]);
  /** The content of every stream, whatever the container around it. */
  const content = async (file: string) =>
    (await run('ffmpeg', ['-v', 'error', '-i', file, '-map', '0:v?', '-map', '0:a?', '-f', 'streamhash', '-'])).stdout;

  for (const [name, encoder, options, mime] of films)
    describe.skipIf(!encoders.includes(` ${encoder} `))(`${name} (skipped without ${encoder})`, () => {
      const file = () => join(base, name);
      beforeAll(() => film(name, options), 60_000);

      test('poster and storyboard', async () => {
        const id = newId();
        const poster = await sharp(fileOf(await derived.derive('thumbnail', id, file(), facts(mime, 1)))).metadata();
        expect(poster).toMatchObject({ format: 'webp', width: 640, height: 170 });
        const board = sharp(fileOf(await derived.derive('storyboard', id, file(), facts(mime, 1))));
        const { format, width, height } = await board.metadata();
        expect({ format, width, height }).toEqual({ format: 'webp', width: STORYBOARD_FRAMES * 240, height: 64 });
        const means: number[] = [];
        for (let frame = 0; frame < STORYBOARD_FRAMES; frame++) {
          const { channels } = await board
            .clone()
            .extract({ left: frame * 240, top: 0, width: 240, height: 64 })
            .stats();
          means.push(channels[0]?.mean ?? 0);
        }
        // Black is what a missing frame looks like.
        expect(Math.min(...means)).toBeGreaterThan(40);
      });

      test('a clean copy with the same content', async () => {
        expect(await latin1(file())).toMatch(TRACES);
        const clean = fileOf(await derived.derive('clean', newId(), file(), facts(mime, 1)));
        expect(await latin1(clean)).not.toMatch(TRACES);
        expect(await content(clean)).toBe(await content(file()));
      });

      test('a version for browsers', async () => {
        const id = newId();
        const first = await derived.derive('proxy', id, file(), facts(mime, 1));
        const proxy = fileOf(first.state === 'underway' ? await settled(id, file(), mime) : first);
        const { width, height, codecs, duration } = await measureMedia(proxy);
        expect({ width, height }).toEqual({ width: 1280, height: 340 });
        expect(codecs).toMatch(/^avc1\.[0-9a-f]{6}, mp4a/);
        expect(duration).toBeCloseTo(1, 0);
        const start = (await readFile(proxy)).subarray(0, 2000).toString('latin1');
        expect(start).toContain('moov');
        expect(await latin1(proxy)).not.toMatch(TRACES);
      });
    });

  async function settled(id: string, file: string, mime: string) {
    for (;;) {
      const now = await derived.derive('proxy', id, file, facts(mime, 1));
      if (now.state !== 'underway') return now;
    }
  }

  test.each([
    ['video_00001_.mp4', 'video/mp4'],
    ['webm_00001_.webm', 'video/webm'],
    ['audio_00001_.flac', 'audio/flac'],
    ['audio_mp3_00001_.mp3', 'audio/mpeg'],
    ['audio_opus_00001_.opus', 'audio/ogg'],
  ])('a clean copy of what a worker made: %s', async (name, mime) => {
    const file = join(RECORDINGS, name);
    expect(await latin1(file)).toMatch(TRACES);
    const clean = fileOf(await derived.derive('clean', newId(), file, facts(mime, 1)));
    expect(await latin1(clean)).not.toMatch(TRACES);
    expect(await content(clean)).toBe(await content(file));
  });

  test('the storyboard of a film with two frames has no black in it', async () => {
    await run(
      'ffmpeg',
      `-v error -y -f lavfi -i color=white:d=1:s=64x64:r=2 -c:v mpeg4 ${join(base, 'two.mp4')}`.split(' '),
    );
    const board = fileOf(await derived.derive('storyboard', newId(), join(base, 'two.mp4'), facts('video/mp4', 1)));
    expect(await sharp(board).metadata()).toMatchObject({ width: STORYBOARD_FRAMES * 240, height: 240 });
    expect((await sharp(board).stats()).channels[0]?.min).toBeGreaterThan(200);
  });

  test('waveforms of what a worker made, and of a sound that grows', async () => {
    for (const [name, mime] of [
      ['audio_00001_.flac', 'audio/flac'],
      ['audio_mp3_00001_.mp3', 'audio/mpeg'],
      ['audio_opus_00001_.opus', 'audio/ogg'],
    ] as const)
      expect(await waveform(join(RECORDINGS, name), mime, 1)).toHaveLength(WAVEFORM_PEAKS);
    const grow = ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'aevalsrc=t/4*sin(2000*t):d=4', join(base, 'grow.flac')];
    await run('ffmpeg', grow);
    const peaks = await waveform(join(base, 'grow.flac'), 'audio/flac', 4);
    expect([peaks[0], peaks[200], peaks[399]].map((peak) => Math.round((peak ?? 0) / 10))).toEqual([0, 5, 10]);
  });

  test('a crafted playlist under a film’s name reads nothing else', async () => {
    await copyFile(join(RECORDINGS, 'audio_00001_.flac'), join(base, 'other.flac'));
    const file = join(base, 'list.mp4');
    await writeFile(file, `#EXTM3U\n#EXTINF:1,\n${join(base, 'other.flac')}\n#EXT-X-ENDLIST\n`);
    for (const what of ['thumbnail', 'storyboard', 'clean'] as const)
      expect(await derived.derive(what, newId(), file, facts('video/mp4', 1))).toMatchObject({ state: 'none' });
  });

  test('what is being made when all ends is ended, and leaves nothing', async () => {
    const long = '-v error -y -f lavfi -i testsrc=d=60:s=640x360:r=30 -c:v mpeg4'.split(' ');
    await run('ffmpeg', [...long, join(base, 'long.mp4')]);
    const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
    const own = derivedIn(join(base, 'ended'), { now: () => 0, log });
    const asked = own.derive('proxy', 'r', join(base, 'long.mp4'), facts('video/mp4', 60));
    await vi.waitUntil(async () => (await readdir(join(base, 'ended', '.unfinished'))).length > 0, { timeout: 20_000 });
    await own.close();
    expect((await asked).state).not.toBe('there');
    expect(await readdir(join(base, 'ended'))).toEqual(['.unfinished']);
    expect(await readdir(join(base, 'ended', '.unfinished'))).toEqual([]);
  });
});
