import { mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FrontEnd } from '#src/domain/front-end/front-end.ts';
import type { FrontEndStore } from '#src/ports/comfyui/front-end.ts';
import { createFrontEndStore } from './store.ts';

let dir: string;
let store: FrontEndStore;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'front-ends-'));
  store = createFrontEndStore(dir);
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function page(key: string, text: string): Promise<FrontEnd> {
  const bytes = Buffer.from(text);
  const file = { sha256: await store.put(bytes), type: 'text/html', bytes: bytes.length };
  return {
    key,
    capturedAt: 1,
    versions: { comfyui: '0.33.0', frontEnd: null, requiredFrontEnd: null },
    files: new Map([['index.html', file]]),
    extras: new Map(),
    extensions: [],
    leftOut: [],
  };
}
const textOf = async (one: FrontEnd | null | undefined): Promise<string | null> => {
  const file = one?.files.get('index.html');
  const bytes = file ? await store.read(file) : null;
  return bytes && Buffer.from(bytes).toString();
};

test('what was kept is there after a restart, with the one before it; the same version again replaces itself only', async () => {
  expect([...(await store.all())]).toEqual([]);
  for (const [key, text] of [
    ['1', 'one'],
    ['2', 'two'],
    ['2', 'two again'],
  ] as const)
    await store.keep('E', await page(key, text));
  const found = (await createFrontEndStore(dir).all()).get('E');
  expect(found?.current).toEqual(await page('2', 'two again'));
  expect(await textOf(found?.previous)).toBe('one');
});

test('endpoints are apart, whatever their ids are', async () => {
  for (const id of ['a', '../b', 'c/d', '.e']) await store.keep(id, await page(id, id));
  expect([...(await store.all()).keys()].sort()).toEqual(['../b', '.e', 'a', 'c/d']);
});

test('what nobody names is deleted, and what somebody needs is not', async () => {
  await store.keep('A', await page('1', 'old'));
  await store.keep('A', await page('2', 'new'));
  await store.keep('B', await page('1', 'of B'));
  const besides = (await page('x', 'besides')).files.values();
  const aged = await store.put(Buffer.from('nobody’s'));
  await utimes(join(dir, 'files', aged), 1, 1);
  const again = await store.put(Buffer.from('needed again'));
  await utimes(join(dir, 'files', again), 1, 1);
  // Another process reads a page that has this file.
  await createFrontEndStore(dir).put(Buffer.from('needed again'));
  await writeFile(join(dir, '.00000000-0000-4000-8000-000000000001'), 'being written');
  await writeFile(join(dir, '.00000000-0000-4000-8000-000000000002'), 'left');
  await utimes(join(dir, '.00000000-0000-4000-8000-000000000002'), 1, 1);
  await store.cleanUp(['A'], [...besides]);
  expect([...(await store.all()).keys()]).toEqual(['A']);
  const left = await readdir(join(dir, 'files'));
  expect(left).toContain(again);
  expect(left).not.toContain(aged);
  expect((await readdir(dir)).filter((name) => name.startsWith('.'))).toEqual([
    '.00000000-0000-4000-8000-000000000001',
  ]);
  expect(await textOf((await store.all()).get('A')?.previous)).toBe('old');
});

test('a description or a file that a crash has cut is not there', async () => {
  const one = await page('1', 'whole');
  await store.keep('A', one);
  await writeFile(join(dir, 'endpoint-B.json'), '{"current":');
  expect([...(await store.all()).keys()]).toEqual(['A']);
  const [file] = [...one.files.values()];
  await truncate(join(dir, 'files', file?.sha256 ?? ''), 2);
  expect(await textOf(one)).toBeNull();
  await page('1', 'whole');
  expect(await textOf(one)).toBe('whole');
});

test('a description that names another place is not taken', async () => {
  const path = { sha256: '../../secret', type: 'text/html', bytes: 6 };
  const bad = { ...(await page('1', 'x')), files: [['index.html', path]], extras: [] };
  await writeFile(join(dir, 'endpoint-A.json'), JSON.stringify({ current: bad, previous: null }));
  expect((await store.all()).size).toBe(0);
  await writeFile(join(dir, 'secret'), 'secret');
  expect(await store.read({ ...path, sha256: '../secret' })).toBeNull();
});
