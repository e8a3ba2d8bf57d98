import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  type FileHandle,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Gallery } from '#src/ports/gallery.ts';
import type { BoundedCalls } from '../share/bounded-share.ts';
import { createFolderStore } from '../stores/folder-store.ts';
import { createGallery } from './gallery.ts';

const RECORDINGS = join(import.meta.dirname, '../../../domain/formats/fixtures');
const JOB = '3f2b6c1e-0000-4000-8000-00000000abcd';
let base: string;
let folders: { shareOutputsDir: string; outputsDir: string; thumbsDir: string };

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'gallery-'));
  folders = {
    shareOutputsDir: join(base, 'share'),
    outputsDir: join(base, 'outputs'),
    thumbsDir: join(base, 'thumbs'),
  };
  await mkdir(folders.shareOutputsDir);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(base, { recursive: true, force: true });
});

const galleryIn = ({ shareOutputsDir, outputsDir, thumbsDir }: typeof folders, bounded?: BoundedCalls) =>
  createGallery(
    shareOutputsDir,
    {
      results: createFolderStore(outputsDir, { drafts: '.incoming', durable: true }),
      derived: createFolderStore(thumbsDir, { drafts: '.unfinished', durable: false }),
    },
    bounded,
  );

/** Where something else has the name, that is a failure here. */
function gallery(bounded?: BoundedCalls) {
  const real = galleryIn(folders, bounded);
  return {
    ...real,
    async importFile(source: Parameters<Gallery['importFile']>[0], path: string, jobId: string, unfinished = false) {
      const brought = await real.importFile(source, { path, replaces: null }, jobId, unfinished);
      if (brought === 'taken') throw new Error(`${path} is taken`);
      return brought;
    },
  };
}

/** Puts a file into the attempt's folder and describes it as a scan would. */
async function offer(path: string, content: Uint8Array | string) {
  const file = join(folders.shareOutputsDir, 'attempt', path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  const { size, mtimeMs } = await stat(file);
  return { folder: 'attempt', path, bytes: size, mtimeMs };
}
const offerRecording = async (name: string) => offer(name, await readFile(join(RECORDINGS, name)));
const incoming = () => readdir(join(folders.outputsDir, '.incoming'));
const png = (text: Record<string, string> = {}) =>
  sharp({ create: { width: 3, height: 2, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
    .then((bytes) => withText(bytes, text));

/** A tEXt chunk after the header chunk; readers here do not look at its checksum. */
function withText(bytes: Buffer, text: Record<string, string>): Buffer {
  const chunks = Object.entries(text).map(([key, value]) => {
    const body = Buffer.from(`${key}\0${value}`, 'latin1');
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    return Buffer.concat([length, Buffer.from('tEXt'), body, Buffer.alloc(4)]);
  });
  return Buffer.concat([bytes.subarray(0, 33), ...chunks, bytes.subarray(33)]);
}

describe('importing', () => {
  test('a whole file arrives byte for byte, with its facts', async () => {
    const source = await offerRecording('video_00001_.mp4');
    const content = await readFile(join(RECORDINGS, 'video_00001_.mp4'));
    const delivered = await gallery().importFile(source, 'anna/film_00001_.mp4', JOB);
    expect(delivered).toEqual({
      bytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
      facts: { kind: 'video', mime: 'video/mp4', width: 64, height: 64, duration: 1, codecs: 'avc1.640014' },
    });
    expect(await gallery().local('anna/film_00001_.mp4', (file) => readFile(file))).toEqual(content);
    expect(await incoming()).toEqual([]);
  });

  test.each([
    ['image_00001_.png', { kind: 'image', mime: 'image/png', width: 64, height: 64, duration: null }],
    ['anim_webp_00001_.webp', { kind: 'image', mime: 'image/webp', width: 64, height: 64 }],
    ['webm_00001_.webm', { kind: 'video', mime: 'video/webm', width: 64, height: 64, duration: 1 }],
    ['audio_00001_.flac', { kind: 'audio', mime: 'audio/flac', width: null, height: null, duration: 0.5 }],
    ['audio_opus_00001_.opus', { kind: 'audio', mime: 'audio/ogg', width: null, height: null, duration: 0.5 }],
    ['latent_00001_.latent', { kind: 'model', width: null, height: null, duration: null }],
  ])('facts of %s', async (name, facts) => {
    const delivered = await gallery().importFile(await offerRecording(name), `anna/${name}`, JOB);
    expect(delivered.facts).toMatchObject(facts);
  });

  test('the length of an animation and of an MP3', async () => {
    const home = gallery();
    const webp = await home.importFile(await offerRecording('anim_webp_00001_.webp'), 'anna/a.webp', JOB);
    const mp3 = await home.importFile(await offerRecording('audio_mp3_00001_.mp3'), 'anna/a.mp3', JOB);
    expect(webp.facts.duration).toBeGreaterThan(0);
    expect(mp3.facts.duration).toBeCloseTo(0.5, 1);
  });

  test('a file that nothing can measure arrives all the same', async () => {
    const source = await offer('a.tif', 'II*\0\x08\0\0\0but no picture');
    const delivered = await gallery().importFile(source, 'anna/a.tif', JOB);
    expect(delivered.facts).toEqual({
      kind: 'image',
      mime: 'image/tiff',
      width: null,
      height: null,
      duration: null,
      codecs: null,
    });
  });

  test('one that is not whole arrives only where its run is over, as what its name says', async () => {
    const cut = (await png()).subarray(0, 60);
    const source = await offer('cut.png', cut);
    await expect(gallery().importFile(source, 'anna/cut.png', JOB)).rejects.toMatchObject({ code: 'file_changed' });
    const { bytes, facts } = await gallery().importFile(source, 'anna/cut.png', JOB, true);
    expect([bytes, facts.kind, facts.mime]).toEqual([60, 'image', 'image/png']);
    expect(await gallery().local('anna/cut.png', (file) => readFile(file))).toEqual(cut);
  });

  test('copied to another name, once or twice, both are there', async () => {
    const bytes = await png();
    const home = gallery();
    await home.importFile(await offer('a.png', bytes), 'anna/.previews/a.png', JOB);
    for (let n = 0; n < 2; n += 1) await home.duplicate('anna/.previews/a.png', 'anna/deep/a.png');
    for (const path of ['anna/.previews/a.png', 'anna/deep/a.png'])
      expect(await home.local(path, (file) => readFile(file))).toEqual(bytes);
    expect(await incoming()).toEqual([]);
    await expect(home.duplicate('anna/none.png', 'anna/b.png')).rejects.toThrow();
    await expect(home.duplicate('anna/deep/a.png', '../b.png')).rejects.toMatchObject({ code: 'invalid_input' });
    expect(await incoming()).toEqual([]);
  });

  test('twice, at once or later, ends in the same one file', async () => {
    const source = await offer('a.png', await png());
    const home = gallery();
    const both = await Promise.all([
      home.importFile(source, 'anna/a.png', JOB),
      home.importFile(source, 'anna/a.png', JOB),
    ]);
    const later = await gallery().importFile(source, 'anna/a.png', JOB);
    expect([both[0], both[1]]).toEqual([later, later]);
    expect(await readdir(join(folders.outputsDir, 'anna'))).toEqual(['a.png']);
  });

  test('other content under the same name has its own facts', async () => {
    const home = gallery();
    const sides = [10, 20, 30];
    const seen: (number | null)[] = [];
    for (const side of sides) {
      const picture = sharp({ create: { width: side, height: side, channels: 3, background: 'red' } });
      const source = await offer('a.webp', await picture.webp().toBuffer());
      seen.push((await home.importFile(source, 'anna/a.webp', JOB)).facts.width);
      await home.discard('anna/a.webp');
    }
    expect(seen).toEqual(sides);
  });

  test('a picture taken sideways has the measures it is shown with', async () => {
    const picture = sharp({ create: { width: 90, height: 30, channels: 3, background: 'red' } });
    const source = await offer('a.jpg', await picture.withMetadata({ orientation: 6 }).jpeg().toBuffer());
    const { facts } = await gallery().importFile(source, 'anna/a.jpg', JOB);
    expect(facts).toMatchObject({ width: 30, height: 90 });
  });

  test('a large file goes through in pieces', async () => {
    const content = randomBytes(5 * 1024 * 1024 + 7);
    const delivered = await gallery().importFile(await offer('a.bin', content), 'anna/deep/a.bin', JOB);
    expect(delivered.sha256).toBe(createHash('sha256').update(content).digest('hex'));
    expect(content.equals(await readFile(join(folders.outputsDir, 'anna/deep/a.bin')))).toBe(true);
  });
});

describe('what is there already', () => {
  const there = (name: string) => join(folders.outputsDir, 'anna', name);
  const real = () => galleryIn(folders);
  beforeEach(() => mkdir(there('a folder.png'), { recursive: true }));

  test.each(['other content', 'content of just this size'])('a file of %s stays', async (kind) => {
    const content = await png();
    const other = kind === 'other content' ? Buffer.from('somebody’s work') : Buffer.alloc(content.length, 1);
    await writeFile(there('a.png'), other);
    await writeFile(there('text.txt'), other);
    const source = await offer('a.png', content);
    await real().importFile(source, { path: 'anna/from.png', replaces: null }, JOB);
    expect(await real().importFile(source, { path: 'anna/a.png', replaces: null }, JOB)).toBe('taken');
    expect(await real().importFile(source, { path: 'anna/a.png', replaces: 'another' }, JOB)).toBe('taken');
    expect(await real().duplicate('anna/from.png', 'anna/a.png')).toBe('taken');
    expect(await real().putText('anna/text.txt', 'a text')).toBe('taken');
    expect(await readFile(there('a.png'))).toEqual(other);
    expect(await readFile(there('text.txt'))).toEqual(other);
    expect(await incoming()).toEqual([]);
  });

  test('what is replaced goes; a folder or a link never does', async () => {
    const old = Buffer.from('the half of it');
    await writeFile(there('a.png'), old);
    await symlink('/etc/hostname', there('link.png'));
    const content = await png();
    const source = await offer('a.png', content);
    const replaces = createHash('sha256').update(old).digest('hex');
    expect(await real().importFile(source, { path: 'anna/a.png', replaces }, JOB)).toMatchObject({
      bytes: content.length,
    });
    expect(await readFile(there('a.png'))).toEqual(content);
    for (const name of ['a folder.png', 'link.png'])
      expect(await real().importFile(source, { path: `anna/${name}`, replaces }, JOB)).toBe('taken');
    expect(await Promise.all(['a.png', 'link.png', 'none.png'].map((name) => real().isFree(`anna/${name}`)))).toEqual([
      false,
      false,
      true,
    ]);
  });
});

describe('what does not arrive', () => {
  const refused = async (source: Awaited<ReturnType<typeof offer>>, code: string) => {
    await expect(gallery().importFile(source, 'anna/a.png', JOB)).rejects.toMatchObject({ code });
    expect(await incoming()).toEqual([]);
    expect(existsSync(join(folders.outputsDir, 'anna', 'a.png'))).toBe(false);
  };

  test('a file of another size, another time, or gone', async () => {
    const source = await offer('a.png', await png());
    await refused({ ...source, bytes: source.bytes - 1 }, 'file_changed');
    await refused({ ...source, mtimeMs: source.mtimeMs - 5 }, 'file_changed');
    await refused({ ...source, path: 'gone.png' }, 'file_changed');
  });

  test('a time in whole milliseconds is still the same time', async () => {
    const source = await offer('a.png', await png());
    await utimes(join(folders.shareOutputsDir, 'attempt', 'a.png'), 1_700_000_000.1239, 1_700_000_000.1239);
    const delivered = await gallery().importFile({ ...source, mtimeMs: 1_700_000_000_123 }, 'anna/a.png', JOB);
    expect(delivered.bytes).toBe(source.bytes);
  });

  test.each(['touched', 'replaced', 'removed', 'cut'])('a file that is %s while it is copied', async (what) => {
    const content = await png();
    const source = await offer('a.png', content);
    const file = join(folders.shareOutputsDir, 'attempt', 'a.png');
    await interfere('write', async () => {
      if (what === 'touched') await utimes(file, 1, 1);
      if (what === 'cut') await writeFile(file, content.subarray(1));
      if (what === 'removed' || what === 'replaced') await rm(file);
      if (what === 'replaced') await writeFile(file, content);
    });
    await refused(source, 'file_changed');
  });

  test('a file that is not whole', async () => {
    await refused(await offer('a.png', (await png()).subarray(0, -1)), 'file_changed');
  });

  test('links', async () => {
    const source = await offer('a.png', await png());
    await symlink('a.png', join(folders.shareOutputsDir, 'attempt', 'link.png'));
    await symlink('attempt', join(folders.shareOutputsDir, 'other'));
    await refused({ ...source, path: 'link.png' }, 'file_changed');
    await refused({ ...source, folder: 'other' }, 'file_changed');
  });

  test('a file of another job', async () => {
    await refused(await offer('a.png', await png({ comfyume_job: '"somebody-else"' })), 'foreign_file');
    const own = await offer('a.png', await png({ prompt: '{}', comfyume_job: JSON.stringify(JOB) }));
    await gallery().importFile(own, 'anna/a.png', JOB);
  });

  test.each(['ENOSPC', 'EDQUOT'])('anything when the disk is full (%s)', async (code) => {
    const source = await offer('a.png', await png());
    await interfere('write', () => Promise.reject(Object.assign(new Error('no room'), { code })));
    await refused(source, 'storage_full');
  });

  test('anything when the share stops answering', async () => {
    const source = await offer('a.png', await png());
    await interfere('read', () => Promise.reject(Object.assign(new Error('stale'), { code: 'ESTALE' })));
    await refused(source, 'share_unavailable');
  });

  test.each([
    'a.png',
    '/etc/a.png',
    '../a/a.png',
    'anna/../a.png',
    'anna//a.png',
    '.incoming/a.png',
    'anna\\b/a.png',
    'anna/a\n.png',
    'anna/',
  ])('the path %j', async (path) => {
    const source = await offer('a.png', await png());
    await expect(gallery().importFile(source, path, JOB)).rejects.toMatchObject({ code: 'invalid_input' });
    for (const asked of [gallery().open(path), gallery().size(path), gallery().isFree(path)])
      await expect(asked).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test('anything for a folder that leads elsewhere', async () => {
    const source = await offer('a.png', await png());
    await mkdir(join(base, 'elsewhere'));
    const home = gallery();
    await symlink(join(base, 'elsewhere'), join(folders.outputsDir, 'anna'));
    await expect(home.importFile(source, 'anna/a.png', JOB)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await readdir(join(base, 'elsewhere'))).toEqual([]);
  });

  /** Does something before the first read or write of any open file, as the system or a worker could. */
  async function interfere(when: 'read' | 'write', act: () => Promise<void>) {
    const handle = await open(join(base, 'probe'), 'w');
    const prototype: FileHandle = Object.getPrototypeOf(handle);
    await handle.close();
    const real = prototype[when];
    let done = false;
    vi.spyOn(prototype, when).mockImplementation(async function (this: FileHandle, ...args: unknown[]) {
      if (!done) {
        done = true;
        await act();
      }
      return Reflect.apply(real, this, args);
    });
  }
});
