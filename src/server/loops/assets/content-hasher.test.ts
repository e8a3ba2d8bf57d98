import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blake3 } from 'hash-wasm';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Asset } from '#src/ports/api-v2/assets.ts';
import { createContentHasher } from './content-hasher.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comfyume-hashes-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const upload = (id: string, known: string | null = null): Asset => ({
  type: 'input',
  input: {
    ...{ id, userId: 'anna', name: `${id}.png`, sha256: id, file: `${id}.png`, kind: 'image', mime: 'image/png' },
    ...{ bytes: 1, createdAt: 0, usesKnown: true, blake3: known },
  },
});

function hasher() {
  const recorded = new Map<string, string>();
  const record = vi.fn(async (asset: Asset, hash: string) => {
    if (asset.type === 'input') recorded.set(asset.input.id, hash);
  });
  const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const deps = {
    contentHashes: { record },
    gallery: { local: <T>(path: string, use: (file: string) => Promise<T>) => use(path) },
    log,
  };
  const opened = createContentHasher({ ...deps, boundedCalls: (_, call) => call() }, folder);
  return { ...opened, recorded, record, log };
}

test('each is hashed once, however often it is asked for; what is known is not read', async () => {
  for (const id of ['a', 'b']) await writeFile(join(folder, `${id}.png`), `content of ${id}`);
  const { request, close, recorded, record } = hasher();
  for (let times = 0; times < 3; times += 1) request([upload('a'), upload('b'), upload('c', 'known')]);
  await vi.waitFor(() => expect(recorded.size).toBe(2), { timeout: 60_000 });
  expect(Object.fromEntries(recorded)).toEqual({ a: await blake3('content of a'), b: await blake3('content of b') });
  expect(record).toHaveBeenCalledTimes(2);
  await close();
});

test('a file that is not there holds up nothing, and can be asked for again', async () => {
  const { request, close, recorded } = hasher();
  await writeFile(join(folder, 'b.png'), 'content of b');
  request([upload('a'), upload('b')]);
  await vi.waitFor(() => expect(recorded.has('b')).toBe(true), { timeout: 60_000 });
  await writeFile(join(folder, 'a.png'), 'content of a');
  await vi.waitFor(
    () => {
      request([upload('a')]);
      expect(recorded.has('a')).toBe(true);
    },
    { timeout: 60_000 },
  );
  await close();
});

test('closed, it begins nothing', async () => {
  await writeFile(join(folder, 'a.png'), 'content of a');
  const { request, close, record } = hasher();
  await close();
  request([upload('a')]);
  await close();
  expect(record).not.toHaveBeenCalled();
});
