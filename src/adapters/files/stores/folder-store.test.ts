import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fileStoreContract } from './file-store.contract.testing.ts';
import { createFolderStore } from './folder-store.ts';

async function open(durable: boolean) {
  const dir = await mkdtemp(join(tmpdir(), 'folder-store-'));
  const store = createFolderStore(dir, { drafts: '.incoming', durable });
  return { dir, store, close: () => rm(dir, { recursive: true, force: true }) };
}

describe.each([true, false])('a folder, durable: %s', (durable) => fileStoreContract(() => open(durable)));

test('a folder or a link is no file, and nothing is stored behind a link', async () => {
  const { dir, store, close } = await open(true);
  await mkdir(join(dir, 'anna', 'folder.png'), { recursive: true });
  await symlink('/etc/hostname', join(dir, 'anna', 'link.png'));
  await symlink('/tmp', join(dir, 'ben'));
  for (const path of ['anna/folder.png', 'anna/link.png'])
    expect([await store.size(path), await store.open(path)]).toEqual(['no file', null]);
  const draft = store.draft('a');
  await writeFile(draft, 'x');
  await expect(store.put(draft, 'ben/a.png', null)).rejects.toMatchObject({ code: 'forbidden' });
  await close();
});
