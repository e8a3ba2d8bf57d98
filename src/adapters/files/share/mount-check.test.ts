import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freeBytes, readDisk, tryWriting } from '../disks/disk.ts';
import { bounded } from './bounded.ts';
import { createBoundedCalls } from './bounded-share.ts';
import { checkMount, readOne } from './mount-check.ts';

let root: string;
const at = (...parts: string[]) => join(root, ...parts);
const calls = createBoundedCalls({ timeoutMs: 5000, maxStuck: 1 });
const check = (dir: string, signal = new AbortController().signal) =>
  checkMount(dir, { maxMs: 5000, eventMs: 2000, signal, calls });

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'comfyume-mount-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('a share', () => {
  test('on this machine’s disk: everything is tried, and nothing is left', async () => {
    for (const folder of ['sfs/outputs/comfyume', 'sfs/inputs']) await mkdir(at(folder), { recursive: true });
    await writeFile(at('sfs/outputs/comfyume/a.png'), 'a');
    const facts = await check(at('sfs'));
    const writable = { type: 'got', value: { type: 'writable', skewMs: expect.any(Number), events: 'seen' } };
    expect(facts).toMatchObject({
      dir: at('sfs'),
      root: { type: 'got' },
      remote: { type: 'got', value: false },
      outputs: writable,
      inputs: writable,
      free: { type: 'got', value: expect.any(Number) },
    });
    const skews = [facts.outputs, facts.inputs].flatMap((outcome) =>
      outcome.type === 'got' && outcome.value.type === 'writable' ? [Math.abs(outcome.value.skewMs)] : [],
    );
    expect(Math.max(...skews)).toBeLessThan(1000);
    expect(await readdir(at('sfs'), { recursive: true })).toEqual(
      expect.arrayContaining(['outputs', 'inputs', 'outputs/comfyume', 'outputs/comfyume/a.png']),
    );
    expect(await readdir(at('sfs'), { recursive: true })).toHaveLength(4);
  });

  test.runIf(process.platform === 'linux')('is found in the table of mounts through a link, too', async () => {
    await mkdir(at('sfs/outputs'), { recursive: true });
    await symlink('/proc', at('link'));
    expect((await check(at('sfs'))).mount).toMatchObject({ point: expect.stringMatching(/^\//) });
    expect((await check(at('link'))).mount).toMatchObject({ point: '/proc', type: 'proc' });
  });

  test('that hangs is not asked while nobody may ask it', async () => {
    const boundedCalls = createBoundedCalls({ timeoutMs: 20, maxStuck: 1 });
    await expect(boundedCalls('a call', () => new Promise(() => undefined))).rejects.toThrow('did not respond');
    const signal = new AbortController().signal;
    const facts = await checkMount(at('nowhere'), { maxMs: 5000, eventMs: 2000, signal, calls: boundedCalls });
    expect([facts.root, facts.outputs, facts.free]).toEqual(Array(3).fill({ type: 'silent' }));
  });

  test('that is not there', async () => {
    expect(await check(at('nowhere'))).toMatchObject({
      root: { type: 'failed', code: 'ENOENT' },
      outputs: { type: 'got', value: { type: 'missing' } },
      inputs: { type: 'got', value: { type: 'missing' } },
    });
  });

  test('whose outputs are a file', async () => {
    await mkdir(at('sfs'));
    await writeFile(at('sfs/outputs'), '');
    expect((await check(at('sfs'))).outputs).toEqual({ type: 'got', value: { type: 'missing' } });
  });

  test('is let go of when nobody waits any more', async () => {
    await mkdir(at('sfs/outputs'), { recursive: true });
    const end = new AbortController();
    end.abort();
    const facts = await check(at('sfs'), end.signal);
    expect(facts.outputs).toMatchObject({ type: 'got', value: { type: 'writable' } });
    expect(await readdir(at('sfs/outputs'))).toEqual([]);
  });
});

describe('a folder of ours', () => {
  test('that is there', async () => {
    expect(await readDisk(root)).toEqual({ free: expect.any(Number), isThere: true, refused: null });
    expect(await readdir(root)).toEqual([]);
  });

  test('that will be made', async () => {
    expect(await readDisk(at('a/b/c'))).toMatchObject({ isThere: false, refused: null });
  });

  test('where a file is in the way', async () => {
    await writeFile(at('a'), '');
    expect(await readDisk(at('a'))).toMatchObject({ refused: 'ENOTDIR' });
  });

  test.runIf(process.platform === 'linux')('where nothing can be written, whoever asks', async () => {
    await expect(tryWriting('/proc')).rejects.toMatchObject({ code: expect.any(String) });
    expect(await readDisk('/proc')).toMatchObject({ isThere: true, refused: expect.stringMatching(/^E/) });
    expect(await readDisk('/proc/new')).toMatchObject({ isThere: false, refused: expect.stringMatching(/^E/) });
  });

  test.runIf(process.platform === 'linux')('that does not tell how much room there is', async () => {
    expect(await freeBytes('/proc')).toBeNull();
  });

  test('an empty one can be read, a missing one cannot', async () => {
    expect(await readOne(root)).toBeNull();
    await expect(readOne(at('missing'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('waiting no longer than so long', () => {
  test.each([
    ['an answer', async () => 7, { type: 'got', value: 7 }],
    ['an error of the system', () => readOne('/nowhere/at/all'), { type: 'failed', code: 'ENOENT' }],
    ['any other error', () => Promise.reject(new Error('no luck')), { type: 'failed', code: 'no luck' }],
    ['silence', () => new Promise<never>(() => undefined), { type: 'silent' }],
  ])('%s', async (_, work, expected) => expect(await bounded<unknown>(work(), 300)).toEqual(expected));
});
