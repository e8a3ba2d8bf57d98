import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBoundedCalls } from './bounded-share.ts';
import { createModelFolder } from './model-folder.ts';

const boundedCalls = createBoundedCalls({ timeoutMs: 5000, maxStuck: 1 });
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'comfyume-models-'));
  for (const folder of ['models/vae', 'models/loras/wan/deep', 'models/.cache', 'elsewhere'])
    await mkdir(join(root, folder), { recursive: true });
  await writeFile(join(root, 'models/vae/a.safetensors'), 'abc');
  await writeFile(join(root, 'models/loras/wan/deep/b.safetensors'), 'abcd');
  await writeFile(join(root, 'models/.cache/c.safetensors'), 'x');
  await writeFile(join(root, 'models/readme.txt'), 'x');
  await writeFile(join(root, 'elsewhere/d.safetensors'), 'abcde');
  await symlink(join(root, 'elsewhere/d.safetensors'), join(root, 'models/vae/d.safetensors'));
  await symlink(join(root, 'nowhere'), join(root, 'models/vae/dead.safetensors'));
  await symlink(join(root, 'models'), join(root, 'models/loras/round'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

test('by folder, links followed, dead ones and what lies beside the folders left out; a circle ends', async () => {
  const { files, more } = await createModelFolder(join(root, 'models'), boundedCalls).list();
  const own = files?.filter(({ name }) => !name.startsWith('round/'));
  expect(own).toEqual([
    { folder: 'vae', name: 'a.safetensors', bytes: 3, modifiedMs: expect.any(Number) },
    { folder: 'vae', name: 'd.safetensors', bytes: 5, modifiedMs: expect.any(Number) },
    { folder: 'loras', name: 'wan/deep/b.safetensors', bytes: 4, modifiedMs: expect.any(Number) },
  ]);
  expect(more).toBe(false);
});

test('what a model says of itself, and nothing of what lies elsewhere', async () => {
  const models = createModelFolder(join(root, 'models'), boundedCalls);
  const told = (name: string, folder = 'vae') => models.metadata({ folder, name });
  const header = (text: string, length = text.length): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(length));
    return Buffer.concat([bytes, Buffer.from(text)]);
  };
  const write = (name: string, bytes: Buffer) => writeFile(join(root, 'models/vae', name), bytes);
  await write('told.safetensors', header('{"__metadata__":{"title":"Grain"},"w":{"shape":[1]}}'));
  await write('silent.safetensors', header('{"w":{}}'));
  await write('broken.safetensors', header('{"__meta'));
  await write('short.safetensors', header('{}', 500));
  await write('vast.safetensors', header('{}', 2 ** 40));
  await write('told.ckpt', header('{"__metadata__":{}}'));
  await writeFile(join(root, 'elsewhere/e.safetensors'), header('{"__metadata__":{"secret":1}}'));
  await symlink(join(root, 'elsewhere/e.safetensors'), join(root, 'models/vae/e.safetensors'));
  await symlink(join(root, 'models/vae/told.safetensors'), join(root, 'models/vae/linked.safetensors'));
  expect(await told('told.safetensors')).toEqual({ title: 'Grain' });
  expect(await told('linked.safetensors')).toEqual({ title: 'Grain' });
  for (const name of ['silent', 'broken', 'short', 'vast', 'e', 'none', 'a'])
    expect([name, await told(`${name}.safetensors`)]).toEqual([name, null]);
  expect(await told('told.ckpt')).toBeNull();
  await expect(told('e.safetensors', '../elsewhere')).rejects.toMatchObject({ code: 'invalid_input' });
});

test('where there is no such folder, that is told', async () => {
  const dir = join(root, 'none');
  expect(await createModelFolder(dir, boundedCalls).list()).toEqual({ dir, files: null, more: false });
});
