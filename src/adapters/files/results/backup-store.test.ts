import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type BackedUpFile, pooledAs } from '#src/domain/files/backup.ts';
import type { Snapshots } from '#src/ports/files/backup.ts';
import { createFolderStore } from '../stores/folder-store.ts';
import { createBackupStore } from './backup-store.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'comfyume-backups-'));
  for (const dir of ['outputs/anna', 'inputs', 'backups']) await mkdir(join(root, dir), { recursive: true });
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Of another process each. `reading` happens before a result is read. */
function open(reading: () => Promise<void> = async () => undefined) {
  const results = createFolderStore(join(root, 'outputs'), { drafts: '.incoming', durable: true });
  const opened = async (path: string) => {
    await reading();
    return results.open(path);
  };
  const sources = { results: { ...results, open: opened }, inputsDir: join(root, 'inputs') };
  return createBackupStore(join(root, 'backups'), sources, (_, call) => call());
}

async function result(text: string): Promise<BackedUpFile> {
  const path = `anna/${text}.txt`;
  await writeFile(join(root, 'outputs', path), text);
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { root: 'outputs', path, bytes: text.length, sha256 };
}
const snapshots = (files: BackedUpFile[], meanwhile = async () => undefined): Snapshots => ({
  write: (file) => writeFile(file, 'database'),
  files: async () => {
    await meanwhile();
    return files;
  },
});
const at = (now: number) => ({ now, version: '1' });
const pooled = async (): Promise<string[]> =>
  (await readdir(join(root, 'backups', 'files'), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();

test('what another process is backing up stays when old backups are removed', async () => {
  const [one, two] = [await result('one'), await result('two')];
  const { name } = await open().make(at(1000), snapshots([one]));
  // The first file is in the pool already, and the only backup that holds it goes.
  const making = open(() => open().remove([name])).make(at(5000), snapshots([one, two]));
  expect(await making).toMatchObject({ files: 2, missing: 0 });
  expect(await pooled()).toEqual([one.sha256, two.sha256].sort());
});

test('two at the same second: one is made, whole; the other says so', async () => {
  const file = await result('one');
  const other = async () => {
    await open().make(at(1000), snapshots([file]));
    return undefined;
  };
  await expect(open().make(at(1000), snapshots([file], other))).rejects.toMatchObject({ code: 'conflict' });
  expect(await open().list()).toMatchObject([{ files: 1, missing: 0 }]);
  expect((await readdir(join(root, 'backups'))).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('what a killed process has left goes a day later, and then what nobody holds', async () => {
  const [gone, left] = [await result('gone'), join(root, 'backups', '.making-2020')];
  const { name } = await open().make(at(1000), snapshots([gone]));
  await mkdir(left);
  await writeFile(join(root, 'backups', `${pooledAs(gone.sha256)}.x.part`), 'half');
  await open().remove([name]);
  expect(await pooled()).toHaveLength(2);
  await utimes(left, 1, 1);
  await open().remove([]);
  expect(await pooled()).toEqual([]);
  expect(await readdir(join(root, 'backups'))).toEqual(['files']);
});
