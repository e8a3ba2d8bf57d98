import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPictureProcesses } from './picture-processes.ts';

const PLENTY = { MAX_MS: 60_000, MAX_KIB: 2 * 1024 * 1024 };

describe('processes for pictures', { timeout: 60_000 }, () => {
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
    const make = createPictureProcesses(PLENTY);
    const made = await Promise.all([
      ...Array.from({ length: 20 }, () => make({ type: 'shrink', picture: small })),
      make({ type: 'shrink', picture: 'missing.png' }).catch((error: Error) => error.message),
      make({ type: 'measure', file: small }),
    ]);
    expect(made.slice(0, 20).every((bytes) => bytes instanceof Uint8Array)).toBe(true);
    expect(made.slice(20)).toEqual([expect.stringContaining('missing'), measures]);
  });

  test('a picture that hangs is given up, its process is killed, and the next one is made', async () => {
    const make = createPictureProcesses({ ...PLENTY, MAX_MS: 4000 });
    const pipe = join(dir, 'pipe.png');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    const hung = make({ type: 'shrink', picture: pipe });
    await expect(hung).rejects.toThrow('The picture exceeded its time or memory limit (SIGKILL).');
    expect(await make({ type: 'measure', file: small })).toEqual(measures);
  });

  test('nobody waits any more for a picture that hangs: its process is killed', async () => {
    const make = createPictureProcesses(PLENTY);
    const pipe = join(dir, 'other.png');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    const end = new AbortController();
    const hung = make({ type: 'shrink', picture: pipe }, end.signal);
    await make({ type: 'shrink', picture: small });
    end.abort();
    await expect(hung).rejects.toThrow('SIGKILL');
  });

  test.skipIf(process.platform !== 'linux')(
    'a picture that needs more memory than there may be is an error',
    async () => {
      const bomb = join(dir, 'bomb.jpg');
      await plain(8000, 8000).jpeg({ progressive: true }).toFile(bomb);
      const make = createPictureProcesses({ ...PLENTY, MAX_KIB: 300_000 });
      expect(await make({ type: 'measure', file: small })).toEqual(measures);
      await expect(make({ type: 'shrink', picture: bomb })).rejects.toThrow();
      expect(await make({ type: 'measure', file: small })).toEqual(measures);
      expect(await createPictureProcesses(PLENTY)({ type: 'shrink', picture: bomb })).toBeInstanceOf(Uint8Array);
    },
  );
});
