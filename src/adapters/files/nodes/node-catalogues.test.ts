import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFilling } from '#src/domain/node-catalogue/fill.ts';
import type { ModelFile } from '#src/domain/workflow/needed-models.ts';
import { createNodeCatalogues } from './node-catalogues.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'comfyume-nodes-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const warned: string[] = [];
const log = {
  debug: () => undefined,
  info: () => undefined,
  warn: (_: object, text: string) => void warned.push(text),
  error: () => undefined,
};
const open = (files: readonly ModelFile[] | null = null) =>
  createNodeCatalogues({ dir: join(root, 'nodes'), modelNames: { seen: async () => files }, log });

const info = (...names: string[]) =>
  JSON.stringify(
    Object.fromEntries(names.map((name) => [name, { input: { required: { seed: ['INT', { max: 0 }] } } }])),
  ).replaceAll('"max":0', '"max":18446744073709551615');
const about = {
  versions: { comfyui: '0.33.0' },
  capturedAt: 5,
  models: [{ name: 'vae', folders: ['/m/vae'], extensions: null, files: ['a.safetensors', 'b.safetensors'] }],
  replaced: ['Old'],
};

describe('what is kept of an endpoint', () => {
  test('is there after a restart, to the last digit', async () => {
    const first = open([{ folder: 'vae', name: 'a.safetensors', bytes: 1 }]);
    expect(await first.of('e/1')).toBeNull();
    expect(await first.union(['e/1'])).toBeNull();
    const note = { versions: about.versions, capturedAt: 5, classes: 2, bytes: info('A', 'B').length };
    expect(await first.keep('e/1', info('A', 'B'), about)).toEqual(note);

    for (const catalogues of [first, open()]) {
      expect(await catalogues.notes()).toEqual(new Map([['e/1', note]]));
      const found = await catalogues.of('e/1');
      expect(found?.models).toEqual([{ ...about.models[0], elsewhere: ['b.safetensors'] }]);
      expect(found?.replaced).toEqual(new Set(['Old']));
      expect(createFilling({ uploads: [], models: new Map() })(found!.classes.get('B')!)).toBe(
        '{"input":{"required":{"seed":["INT",{"max":18446744073709551615}]}}}',
      );
    }
    expect((await readdir(join(root, 'nodes'), { recursive: true })).sort()).toEqual(['.unfinished', 'e%2F1.nodes']);
  });

  test('is whole when two processes keep it at once', async () => {
    const [one, other] = [open(), open()];
    await Promise.all([one.keep('E', info('A', 'B'), about), other.keep('E', info('C'), about)]);
    expect([1, 2]).toContain((await open().of('E'))?.classes.size);
    expect(await readdir(join(root, 'nodes', '.unfinished'))).toEqual([]);
  });

  test('is replaced as a whole; what is none leaves what was there', async () => {
    const catalogues = open();
    await catalogues.keep('e1', info('A'), about);
    const version = await catalogues.versionOf(['e1', 'e2']);
    await expect(catalogues.keep('e1', '<html>502</html>', about)).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(catalogues.keep('e1', ' '.repeat(64_000_001), about)).rejects.toMatchObject({ code: 'too_large' });
    expect(await catalogues.versionOf(['e1', 'e2'])).toBe(version);
    expect([...((await catalogues.of('e1'))?.classes.keys() ?? [])]).toEqual(['A']);

    await catalogues.keep('e1', info('B'), about);
    expect(await catalogues.versionOf(['e1', 'e2'])).not.toBe(version);
    expect([...((await catalogues.of('e1'))?.classes.keys() ?? [])]).toEqual(['B']);
  });

  test('what was there before is taken when the file is broken', async () => {
    const catalogues = open();
    await catalogues.keep('e1', info('A'), about);
    await catalogues.keep('e1', info('B'), about);
    const path = join(root, 'nodes', 'e1.nodes');
    const whole = await readFile(path, 'utf8');
    for (const broken of [whole.slice(0, -10), whole.slice(0, 10), '']) {
      await writeFile(path, broken);
      const again = open();
      expect([...((await again.of('e1'))?.classes.keys() ?? [])]).toEqual(['A']);
    }
    expect(warned.length).toBeGreaterThan(0);
  });
});

test('where nothing can be read, nothing is known', async () => {
  await writeFile(join(root, 'nodes'), 'no folder');
  expect(await open().notes()).toEqual(new Map());
  expect(await open().union(['e1'])).toBeNull();
  await expect(open().keep('e1', info('A'), about)).rejects.toMatchObject({ code: 'internal' });
});

test('of several endpoints the union is made once, and again when one of them is read again', async () => {
  const catalogues = open();
  await catalogues.keep('e1', info('A', 'B'), about);
  await catalogues.keep('e2', info('B', 'C'), about);
  const union = await catalogues.union(['e1', 'none', 'e2']);
  expect([...(union?.endpointsOf ?? [])]).toEqual([
    ['A', ['e1']],
    ['B', ['e1', 'e2']],
    ['C', ['e2']],
  ]);
  expect(await catalogues.union(['e1', 'none', 'e2'])).toBe(union);
  await catalogues.keep('e2', info('D'), about);
  expect([...((await catalogues.union(['e1', 'e2']))?.classes.keys() ?? [])]).toEqual(['A', 'B', 'D']);
});
