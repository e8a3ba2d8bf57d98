import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FileStore } from '#src/ports/files/file-store.ts';

type Opened = { readonly store: FileStore; close(): Promise<void> };

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What every place for files has to do, whether it is a folder or a bucket. */
export function fileStoreContract(open: () => Promise<Opened>): void {
  let opened: Opened;
  let store: FileStore;
  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(() => opened.close());

  async function put(path: string, content: Uint8Array | string): Promise<void> {
    const bytes = Buffer.from(content);
    const draft = store.draft(sha256(Buffer.from(path)));
    await writeFile(draft, bytes);
    await store.put(draft, path, sha256(bytes));
    expect(existsSync(draft)).toBe(false);
  }

  async function part(path: string, from: number, to: number): Promise<Buffer> {
    const file = await store.open(path);
    if (!file) throw new Error(`${path} is not there`);
    try {
      const pieces: Uint8Array[] = [];
      for await (const piece of file.read(from, to)) pieces.push(piece);
      return Buffer.concat(pieces);
    } finally {
      await file.close();
    }
  }

  test.each(['anna/a.png', 'Änne 雨/Füße/großes _Bild_ 🌧 100% + 1?#&=_00001_.png', 'anna/.previews/a b.txt'])(
    'what was put at %s is there, whole, in parts and as a file',
    async (path) => {
      const before = Date.now();
      await put(path, 'ten bytes.');
      expect(await store.size(path)).toBe(10);
      expect(await store.sha256(path)).toBe(sha256(Buffer.from('ten bytes.')));
      expect((await part(path, 0, 10)).toString()).toBe('ten bytes.');
      expect((await part(path, 4, 9)).toString()).toBe('bytes');
      expect((await part(path, 9, 10)).toString()).toBe('.');
      expect((await store.local(path, (file) => readFile(file))).toString()).toBe('ten bytes.');
      const file = await store.open(path);
      expect(file?.bytes).toBe(10);
      // Some storages count in seconds.
      expect(file?.modifiedAt).toBeGreaterThan(before - 60_000);
      await file?.close();
    },
  );

  test('one open file is read more than once, and half of it', async () => {
    await put('anna/a.bin', randomBytes(1_000_000));
    const file = await store.open('anna/a.bin');
    for (let times = 0; times < 3; times += 1)
      for await (const piece of file?.read(times, 900_000) ?? []) {
        expect(piece.length).toBeGreaterThan(0);
        break;
      }
    await file?.close();
    expect(await store.size('anna/a.bin')).toBe(1_000_000);
  });

  test('nothing is there', async () => {
    await put('anna/a.png', 'x');
    for (const path of ['anna/b.png', 'ben/a.png', 'anna/a.png/c']) {
      expect([await store.size(path), await store.open(path)]).toEqual([null, null]);
      await expect(store.local(path, (file) => readFile(file))).rejects.toThrow();
      await store.remove(path).catch((error: unknown) => expect(error).toMatchObject({ code: 'ENOTDIR' }));
    }
    expect(await store.size('anna/a.png')).toBe(1);
  });

  test('an empty file is a file', async () => {
    await put('anna/empty.txt', '');
    expect([await store.size('anna/empty.txt'), await store.sha256('anna/empty.txt')]).toEqual([
      0,
      sha256(Buffer.alloc(0)),
    ]);
    expect((await store.local('anna/empty.txt', (file) => readFile(file))).length).toBe(0);
  });

  test('other content takes the place of what was there', async () => {
    await put('anna/a.png', 'the first');
    expect((await store.local('anna/a.png', (file) => readFile(file))).toString()).toBe('the first');
    await put('anna/a.png', 'the second one');
    expect(await store.size('anna/a.png')).toBe(14);
    expect((await part('anna/a.png', 4, 14)).toString()).toBe('second one');
    expect((await store.local('anna/a.png', (file) => readFile(file))).toString()).toBe('the second one');
    expect(await store.sha256('anna/a.png')).toBe(sha256(Buffer.from('the second one')));
  });

  test('a large file is the same byte for byte', async () => {
    const content = randomBytes(20 * 1024 * 1024 + 7);
    await put('anna/film.mp4', content);
    expect(await store.size('anna/film.mp4')).toBe(content.length);
    expect(sha256(await part('anna/film.mp4', 0, content.length))).toBe(sha256(content));
    const [from, to] = [8 * 1024 * 1024 - 3, 16 * 1024 * 1024 + 3];
    expect((await part('anna/film.mp4', from, to)).equals(content.subarray(from, to))).toBe(true);
  });

  test('what is removed is gone, and can be put there again', async () => {
    await put('anna/a.png', 'x');
    await put('anna/b.png', 'y');
    for (let times = 0; times < 2; times += 1) await store.remove('anna/a.png');
    expect([await store.size('anna/a.png'), await store.size('anna/b.png')]).toEqual([null, 1]);
    await expect(store.local('anna/a.png', (file) => readFile(file))).rejects.toThrow();
    await put('anna/a.png', 'again');
    expect(await store.size('anna/a.png')).toBe(5);
  });

  test('folders with all that is in them', async () => {
    expect(await store.folders()).toEqual([]);
    for (const path of ['one/a', 'one/deep/b', 'one more/c', 'two/d']) await put(path, path);
    const found = await store.folders();
    expect(found.map(({ name }) => name).sort()).toEqual(['one', 'one more', 'two']);
    for (const { changedAt } of found) expect(Math.abs(changedAt - Date.now())).toBeLessThan(3_600_000);
    await store.removeFolder('one');
    await store.removeFolder('none');
    expect((await store.folders()).map(({ name }) => name).sort()).toEqual(['one more', 'two']);
    expect([await store.size('one/deep/b'), await store.size('one more/c')]).toEqual([null, 10]);
  });

  describe('what is no path', () => {
    test.each(['', '/', '/a', 'a/', 'a//b', '../a', 'a/../../b', './a', 'a\0b'])('%j is refused', async (path) => {
      const refused = { code: 'invalid_input' };
      const asked = async (ask: () => unknown) => ask();
      await expect(asked(() => store.size(path))).rejects.toMatchObject(refused);
      await expect(asked(() => store.open(path))).rejects.toMatchObject(refused);
      await expect(asked(() => store.remove(path))).rejects.toMatchObject(refused);
      await expect(asked(() => store.removeFolder(path))).rejects.toMatchObject(refused);
      await expect(asked(() => store.local(path, async () => undefined))).rejects.toMatchObject(refused);
      await expect(put(path, 'x')).rejects.toMatchObject(refused);
    });
  });
}
