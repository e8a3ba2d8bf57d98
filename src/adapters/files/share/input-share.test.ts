import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { blake3 as blake3Of } from 'hash-wasm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '#src/domain/errors.ts';
import { fixture } from '#src/domain/formats/judging.testing.ts';
import { createBoundedCalls } from './bounded-share.ts';
import { createInputShare } from './input-share.ts';

const PNG = fixture('image_00001');
const MP4 = fixture('video_00001');
const MP3 = fixture('audio_mp3');
const shaOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const text = (words: string): Uint8Array => new TextEncoder().encode(words);

async function* pieces(bytes: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

let root: string;
let inputs: string;
const share = () => createInputShare(inputs, (_, call) => call());
const keep = (bytes: Uint8Array, name = 'photo.png', limit = 1e9) => share().keep(pieces(bytes), { name, limit });
const files = async (): Promise<string[]> =>
  (await readdir(inputs, { recursive: true, withFileTypes: true }))
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => name);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'comfyume-inputs-'));
  inputs = join(root, 'inputs');
  await mkdir(inputs);
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('a share that hangs while files arrive', () => {
  test('every call is given up, as many are stuck as may be, and then none is made, until it answers again', async () => {
    let hangs = false;
    const stuck: (() => void)[] = [];
    // Time enough for the calls before it hangs, on a busy machine too.
    const bounded = createBoundedCalls({ timeoutMs: 1000, maxStuck: 3 });
    const hanging = createInputShare(inputs, (what, call) =>
      bounded(what, () => {
        if (!hangs) return call();
        return new Promise<void>((resolve) => stuck.push(resolve)).then(call);
      }),
    );
    async function* slow() {
      yield PNG.subarray(0, 100);
      hangs = true;
      yield PNG.subarray(100);
    }
    const ends = await Promise.allSettled(
      Array.from({ length: 6 }, (_, n) => hanging.keep(slow(), { name: `${n}.png`, limit: 1e9 })),
    );
    for (const end of ends) expect(end).toMatchObject({ status: 'rejected', reason: { code: 'share_unavailable' } });
    await expect(hanging.has('photo.png')).rejects.toMatchObject({ code: 'share_unavailable' });
    expect(stuck).toHaveLength(3);

    hangs = false;
    for (const answer of stuck) answer();
    await expect
      .poll(() => hanging.keep(pieces(PNG), { name: 'photo.png', limit: 1e9 }).catch(() => null))
      .toMatchObject({ kind: 'image' });
  });
});

describe('keeping a file', () => {
  test.each([
    ['a picture', PNG, 'photo.png', 'image', 'image/png', 'png'],
    ['a picture with the name of another kind', PNG, 'photo.mp4', 'image', 'image/png', 'png'],
    ['a film without a proper name', MP4, 'film', 'video', 'video/mp4', 'mp4'],
    ['a sound', MP3, 'song.mp3', 'audio', 'audio/mpeg', 'mp3'],
  ])('%s', async (_, bytes, name, kind, mime, extension) => {
    const sha256 = shaOf(bytes);
    const file = `${sha256}.${extension}`;
    const blake3 = await blake3Of(bytes);
    expect(await keep(bytes, name)).toEqual({ file, extension, sha256, blake3, bytes: bytes.length, kind, mime });
    expect(new Uint8Array(await readFile(join(inputs, file)))).toEqual(new Uint8Array(bytes));
    expect((await stat(join(inputs, file))).mode & 0o777).toBe(0o644);
    expect(await files()).toEqual([file]);
  });

  test('the same bytes are there once, and are not touched again', async () => {
    const { file } = await keep(PNG);
    const long = new Date(1_000_000);
    await utimes(join(inputs, file), long, long);
    const kept = await Promise.all(Array.from({ length: 8 }, (_, at) => keep(PNG, `${at}.png`)));
    expect(new Set(kept.map((one) => one.file))).toEqual(new Set([file]));
    expect(await files()).toEqual([file]);
    expect((await stat(join(inputs, file))).mtime).toEqual(long);
  });

  test('a stored file that was cut off is made whole', async () => {
    const file = `${shaOf(PNG)}.png`;
    await writeFile(join(inputs, file), PNG.subarray(0, 100));
    await keep(PNG);
    expect((await stat(join(inputs, file))).size).toBe(PNG.length);
  });

  test('a link in the place of a stored file is replaced, not followed', async () => {
    await writeFile(join(root, 'elsewhere'), 'mine');
    await symlink(join(root, 'elsewhere'), join(inputs, `${shaOf(PNG)}.png`));
    await keep(PNG);
    expect(await readFile(join(root, 'elsewhere'), 'utf8')).toBe('mine');
    expect((await stat(join(inputs, `${shaOf(PNG)}.png`))).size).toBe(PNG.length);
  });

  test.each([
    ['nothing', text(''), 'photo.png', 'invalid_input', /is incomplete/],
    [
      'half a picture',
      PNG.subarray(0, PNG.length - 20),
      'photo.png',
      'invalid_input',
      /is incomplete.*the PNG has no end chunk yet/,
    ],
    [
      'words that are called a picture',
      text('hello, hello, hello, hello'),
      'photo.png',
      'invalid_input',
      /does not match its file extension/,
    ],
    [
      'an SVG',
      text('<svg xmlns="http://www.w3.org/2000/svg"></svg>'),
      'logo.svg',
      'invalid_input',
      /SVG is not supported/,
    ],
    [
      'an SVG that is called a picture',
      text('<svg xmlns="http://www.w3.org/2000/svg"></svg>'),
      'logo.png',
      'invalid_input',
      /not a picture/,
    ],
    [
      'a page',
      text('<html><body>hello, hello</body></html>'),
      'page.html',
      'invalid_input',
      /not a picture, film or sound/,
    ],
    ['latents', fixture('latent'), 'a.latent', 'invalid_input', /not a picture, film or sound/],
    ['a picture that only its name tells of', new Uint8Array(500).fill(7), 'a.bmp', 'invalid_input', /is incomplete/],
    [
      'a file that is too large',
      PNG,
      'photo.png',
      'too_large',
      /^“photo\.png” is too large: a file may have at most [\d.]+ (bytes|KB)\.$/,
    ],
  ])('%s is refused and leaves nothing', async (_, bytes, name, code, message) => {
    const limit = code === 'too_large' ? bytes.length - 1 : bytes.length;
    await expect(keep(bytes, name, limit)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(await files()).toEqual([]);
  });

  test('what is too large is not read on', async () => {
    let sent = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        sent += 1;
        yield new Uint8Array(1024 * 1024);
      }
    }
    const keeping = share().keep(endless(), { name: 'a.png', limit: 3 * 1024 * 1024 });
    await expect(keeping).rejects.toThrow('“a.png” is too large: a file may have at most 3.1 MB.');
    expect(sent).toBe(4);
    expect(await files()).toEqual([]);
  });

  test('what breaks off leaves nothing, and is told as it is', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield PNG.subarray(0, 100);
      expect(await files()).toHaveLength(1);
      throw new Error('the line is dead');
    }
    await expect(share().keep(broken(), { name: 'a.png', limit: 1e9 })).rejects.toThrow('the line is dead');
    expect(await files()).toEqual([]);
  });

  test('what a crash left is cleared away by the first upload after a day, what may still arrive is not', async () => {
    const incoming = join(inputs, '.incoming');
    await mkdir(incoming);
    for (const name of ['left', 'arriving']) await writeFile(join(incoming, name), 'x');
    const yesterday = new Date(Date.now() - 25 * 3_600_000);
    await utimes(join(incoming, 'left'), yesterday, yesterday);
    await keep(PNG);
    expect(await readdir(incoming)).toEqual(['arriving']);
  });

  test('a share that is not mounted is told, and nothing is stored in its place', async () => {
    await rm(inputs, { recursive: true });
    await expect(keep(PNG)).rejects.toMatchObject({
      code: 'share_unavailable',
      message: expect.stringContaining('does not exist'),
    });
    await expect(stat(inputs)).rejects.toThrow('ENOENT');
    await mkdir(inputs);
    expect((await keep(PNG)).bytes).toBe(PNG.length);
  });
});

const mount = (options: string, at: string): void => {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', at], { stdio: 'ignore' });
};
const unmount = (at: string): void => {
  execFileSync('umount', [at]);
};

/** Not everybody may mount a file system. */
function mayMount(): boolean {
  const at = mkdtempSync(join(tmpdir(), 'comfyume-mount-'));
  try {
    mount('size=16k', at);
    unmount(at);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(at);
  }
}

describe('a share that takes nothing', () => {
  test.skipIf(!mayMount()).each([
    ['is full', 'size=16k', 'storage_full', /is full, so no files can be added/],
    ['is read-only', 'ro', 'share_unavailable', /cannot be written to \(EROFS\), so no files can be added/],
  ])('because it %s', async (_, options, code, message) => {
    const large = fixture('anim_png');
    expect(large.length).toBeGreaterThan(16 * 1024);
    mount(options, inputs);
    try {
      await expect(keep(large)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
      expect(await files()).toEqual([]);
    } finally {
      unmount(inputs);
    }
  });
});

describe('is a file there', () => {
  beforeEach(async () => {
    await mkdir(join(inputs, '3d/x'), { recursive: true });
    for (const path of ['inputs/photo.png', 'inputs/3d/x/ball.glb', 'inputs/.hidden.png', 'secret.png'])
      await writeFile(join(root, path), 'x');
    await symlink(join(root, 'secret.png'), join(inputs, 'link.png'));
    await symlink(root, join(inputs, 'away'));
  });

  test.each([
    ['photo.png', true],
    ['3d/x/ball.glb', true],
    ['none.png', false],
    ['photo.png/x', false],
    ['3d', false],
    ['', false],
    ['.', false],
    ['.hidden.png', false],
    ['3d//x/ball.glb', false],
    ['3d/../photo.png', false],
    ['../secret.png', false],
    ['../inputs/photo.png', false],
    ['/etc/passwd', false],
    ['link.png', false],
    ['away/secret.png', false],
    ['away/inputs/photo.png', false],
    ['photo.png\0', false],
  ])('%j: %s', async (path, there) => expect(await share().has(path)).toBe(there));

  test('nothing but what is really there', async () => {
    const part = fc.constantFrom(
      '..',
      '.',
      '',
      'photo.png',
      '3d',
      'x',
      'away',
      'link.png',
      'inputs',
      '\\',
      'secret.png',
    );
    const one = share();
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { maxLength: 5 }).map((parts) => parts.join('/')),
        async (path) => {
          expect(await one.has(path)).toBe(path === 'photo.png');
        },
      ),
    );
  });

  test('a name that is too long for any file', async () => {
    expect(await share().has('x'.repeat(5000))).toBe(false);
  });

  test('a share that is not mounted is no answer', async () => {
    await rm(inputs, { recursive: true });
    await expect(share().has('photo.png')).rejects.toMatchObject({ code: 'share_unavailable' });
  });

  test('a share that hangs holds up neither looks nor further uploads', async () => {
    const stuck = createInputShare(inputs, async (what) => {
      throw new AppError('share_unavailable', `no answer: ${what}`);
    });
    await expect(stuck.has('photo.png')).rejects.toThrow('no answer: searching for “photo.png”');
    await expect(stuck.keep(pieces(PNG), { name: 'a.png', limit: 1e9 })).rejects.toThrow('no answer: your upload');
  });
});
