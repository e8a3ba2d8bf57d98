import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Fresh, openFresh } from '#src/adapters/db/fresh-database.testing.ts';
import { checksOf, createReadiness } from './readiness.ts';

const never = (): Promise<never> => new Promise(() => undefined);

describe('what is looked at', () => {
  let root: string;
  let fresh: Fresh;
  const at = (...parts: string[]) => join(root, ...parts);
  const faults = () =>
    createReadiness(checksOf({ sfsDir: at('sfs'), dataDir: at('data'), outputsDir: at('files') }, fresh.settings))();

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'comfyume-ready-'));
    for (const folder of ['sfs/outputs', 'data', 'files']) await mkdir(at(folder), { recursive: true });
    fresh = await openFresh();
  });
  afterEach(async () => {
    await fresh.close();
    await rm(root, { recursive: true, force: true });
  });

  test('nothing is wrong, and nothing is left behind', async () => {
    expect(await faults()).toEqual([]);
    await rm(at('data'), { recursive: false }).catch(() => undefined);
    expect(await faults()).not.toEqual([]);
  });

  test.each([
    ['the share’s outputs are gone', () => rm(at('sfs'), { recursive: true }), () => [`The shared file system cannot be read at ${at('sfs/outputs')}. (ENOENT)`]],
    [
      'the share’s outputs are a file',
      async () => {
        await rename(at('sfs/outputs'), at('sfs/old'));
        await writeFile(at('sfs/outputs'), '');
      },
      () => [`The shared file system cannot be read at ${at('sfs/outputs')}. (ENOTDIR)`],
    ],
    [
      'the participants’ folder is gone',
      () => rm(at('files'), { recursive: true }),
      () => [`The folder ${at('files')} cannot be written to. (ENOENT)`, `The disk of ${at('files')} is full. (ENOENT)`],
    ],
    [
      'the database is broken',
      () => fresh.db.$executeRawUnsafe('DROP TABLE "Setting"'),
      () => [expect.stringMatching(/^The database cannot be read\. \(.+\)$/)],
    ],
  ])('%s', async (_, spoil, expected) => {
    await spoil();
    expect(await faults()).toEqual(expected());
  });
});
