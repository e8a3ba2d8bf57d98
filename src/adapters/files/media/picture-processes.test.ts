import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createPictureProcesses } from './picture-processes.ts';

const isLinux = process.platform === 'linux';
const PLENTY = { MAX_MS: 60_000, MAX_KIB: 2 * 1024 * 1024, MAX_IDLE_MS: 60_000 };

/** The processes that this one has. */
async function children(): Promise<string[]> {
  const threads = await readdir('/proc/self/task');
  const lists = await Promise.all(threads.map((thread) => readFile(`/proc/self/task/${thread}/children`, 'utf8')));
  return lists.join(' ').split(/\s+/).filter(Boolean).sort();
}

describe('processes for pictures', () => {
  let dir = '';
  let small = '';
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'comfyume-pictures-'));
    small = join(dir, 'small.png');
    await plain(30, 20).png().toFile(small);
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  const plain = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: '#123456' } });
  const measures = { width: 30, height: 20, duration: null };

  test('many at once are all made, and what is no picture is an error', async () => {
    const { make } = createPictureProcesses(PLENTY);
    const made = await Promise.all([
      ...Array.from({ length: 20 }, () => make({ type: 'shrink', picture: small })),
      make({ type: 'shrink', picture: 'missing.png' }).catch((error: Error) => error.message),
      make({ type: 'measure', file: small }),
    ]);
    expect(made.slice(0, 20).every((bytes) => bytes instanceof Uint8Array)).toBe(true);
    expect(made.slice(20)).toEqual([expect.stringContaining('missing'), measures]);
  });

  test('a picture that hangs is given up, its process is killed, and the next one is made', async () => {
    const { make } = createPictureProcesses({ ...PLENTY, MAX_MS: 4000 });
    const pipe = join(dir, 'pipe.png');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    const hung = make({ type: 'shrink', picture: pipe });
    await expect(hung).rejects.toThrow('The picture exceeded its time or memory limit (SIGKILL).');
    expect(await make({ type: 'measure', file: small })).toEqual(measures);
  });

  test('nobody waits any more for a picture that hangs: its process is killed', async () => {
    const { make } = createPictureProcesses(PLENTY);
    const pipe = join(dir, 'other.png');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    const end = new AbortController();
    const hung = make({ type: 'shrink', picture: pipe }, end.signal);
    await make({ type: 'shrink', picture: small });
    end.abort();
    await expect(hung).rejects.toThrow('SIGKILL');
  });

  test.skipIf(!isLinux)('a process without work ends, and the next picture has another', async () => {
    const { make } = createPictureProcesses({ ...PLENTY, MAX_IDLE_MS: 100 });
    const before = await children();
    expect(await make({ type: 'measure', file: small })).toEqual(measures);
    await vi.waitFor(async () => expect(await children()).toEqual(before), 10_000);
    expect(await make({ type: 'measure', file: small })).toEqual(measures);
  });

  test.skipIf(!isLinux)('one is started beforehand where there is none, and the next picture has it', async () => {
    const { make, prepare } = createPictureProcesses(PLENTY);
    const before = await children();
    prepare();
    prepare();
    const [started, ...others] = (await children()).filter((child) => !before.includes(child));
    expect(others).toEqual([]);
    expect(await make({ type: 'measure', file: small })).toEqual(measures);
    prepare();
    expect((await children()).filter((child) => !before.includes(child))).toEqual([started]);
  });

  test.skipIf(!isLinux)('a picture that needs more memory than there may be is an error', async () => {
    const bomb = join(dir, 'bomb.jpg');
    await plain(8000, 8000).jpeg({ progressive: true }).toFile(bomb);
    const { make } = createPictureProcesses({ ...PLENTY, MAX_KIB: 300_000 });
    expect(await make({ type: 'measure', file: small })).toEqual(measures);
    await expect(make({ type: 'shrink', picture: bomb })).rejects.toThrow();
    expect(await make({ type: 'measure', file: small })).toEqual(measures);
    expect(await createPictureProcesses(PLENTY).make({ type: 'shrink', picture: bomb })).toBeInstanceOf(Uint8Array);
  });
});
