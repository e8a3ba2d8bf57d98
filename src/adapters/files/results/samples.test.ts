import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createShare } from '../share/share.ts';
import { createFolderStore } from '../stores/folder-store.ts';
import { createGallery } from './gallery.ts';

const run = promisify(execFile);
const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
let base: string;
let attempt: string;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'samples-'));
  attempt = join(base, 'share', 'attempt');
  await mkdir(attempt, { recursive: true });
});
afterAll(() => rm(base, { recursive: true, force: true }));

const share = () => createShare({ outputsDir: join(base, 'share'), mode: 'poll' });

/** The states of the file itself and of some of its beginnings. */
async function judge(name: string) {
  const content = await readFile(join(attempt, name));
  const beginnings = new Set<string>();
  for (const length of [1, 100, content.length >> 1, content.length - 100, content.length - 2, content.length - 1]) {
    await writeFile(join(attempt, `cut-${name}`), content.subarray(0, length));
    beginnings.add((await share().examine('attempt', `cut-${name}`)).state);
  }
  await rm(join(attempt, `cut-${name}`));
  return { verdict: await share().examine('attempt', name), beginnings: [...beginnings] };
}

describe('pictures made here', () => {
  const noise = () =>
    sharp({
      create: {
        width: 200,
        height: 150,
        channels: 3,
        background: 'grey',
        noise: { type: 'gaussian', mean: 128, sigma: 40 },
      },
    });
  test.each([
    ['a.jpg', noise().jpeg(), 'whole', 'image/jpeg'],
    ['progressive.jpg', noise().jpeg({ progressive: true }), 'whole', 'image/jpeg'],
    ['a.png', noise().png(), 'whole', 'image/png'],
    ['a.gif', noise().gif(), 'whole', 'image/gif'],
    ['a.webp', noise().webp({ lossless: true }), 'whole', 'image/webp'],
    ['a.avif', noise().avif({ effort: 0 }), 'whole', 'image/avif'],
  ])('%s', async (name, picture, state, mime) => {
    await writeFile(join(attempt, name), await picture.toBuffer());
    expect(await judge(name)).toEqual({ verdict: { state, kind: 'image', mime }, beginnings: ['growing'] });
  });
});

describe.skipIf(!hasFfmpeg)('films and sounds made by ffmpeg', () => {
  const cases: [name: string, options: string, state: string, mime: string][] = [
    ['plain.mp4', '', 'whole', 'video/mp4'],
    ['front.mp4', '-movflags +faststart', 'whole', 'video/mp4'],
    ['pieces.mp4', '-movflags frag_keyframe+empty_moov', 'whole', 'video/mp4'],
    ['a.mov', '', 'whole', 'video/quicktime'],
    ['a.mkv', '', 'whole', 'video/x-matroska'],
    ['a.avi', '', 'whole', 'video/x-msvideo'],
    ['a.gif', '', 'whole', 'image/gif'],
    ['a.m4a', '-vn', 'whole', 'audio/mp4'],
    ['a.wav', '-vn', 'whole', 'audio/wav'],
    ['a.flac', '-vn', 'whole', 'audio/flac'],
    ['a.mka', '-vn', 'whole', 'audio/x-matroska'],
  ];
  test.each(cases)('%s %s', async (name, options, state, mime) => {
    await film(name, options);
    const { verdict, beginnings } = await judge(name);
    expect(verdict).toEqual({ state, kind: mime.split('/')[0], mime });
    expect(beginnings).not.toContain('whole');
    expect(beginnings).not.toContain('broken');
  });

  test('a film has a poster', async () => {
    await film('poster.mp4', '');
    const gallery = createGallery(join(base, 'share'), {
      results: createFolderStore(join(base, 'outputs'), { drafts: '.incoming', durable: true }),
      derived: createFolderStore(join(base, 'thumbs'), { drafts: '.unfinished', durable: false }),
    });
    const source = (await share().list('attempt')).files.find((file) => file.path === 'poster.mp4');
    if (!source) throw new Error('the film is not there');
    const place = { path: 'anna/poster.mp4', replaces: null };
    const brought = await gallery.importFile({ folder: 'attempt', ...source }, place, 'job');
    if (brought === 'taken') throw new Error('taken');
    const { facts } = brought;
    expect(facts).toMatchObject({ width: 800, height: 400, duration: expect.closeTo(1, 1) });
    const poster = await gallery.thumbnail('r', 'anna/poster.mp4', facts);
    expect(await sharp(await readFile(poster ?? '')).metadata()).toMatchObject({
      format: 'webp',
      width: 640,
      height: 320,
    });
  });

  const film = (name: string, options: string) =>
    run('ffmpeg', [
      ...'-v error -y -f lavfi -i testsrc=d=1:s=800x400:r=5 -f lavfi -i sine=d=1'.split(' '),
      ...options.split(' ').filter(Boolean),
      join(attempt, name),
    ]);
});
