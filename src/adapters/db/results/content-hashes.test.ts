import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Asset, ContentHashes } from '#src/ports/api-v2/assets.ts';
import type { Input } from '#src/ports/inputs.ts';
import { type Fresh, openFresh } from '../fresh-database.testing.ts';
import { createContentHashes } from './content-hashes.ts';

const MAX = 1e15;
const NOW = Date.parse('2026-11-23T10:00:00.000Z');
let fresh: Fresh;
let hashes: ContentHashes;
let anna = '';
let ben = '';
let jobId = '';

beforeAll(async () => {
  fresh = await openFresh();
  hashes = createContentHashes(fresh.db);
  const user = async (name: string) =>
    (await fresh.users.create({ id: randomUUID(), name, role: 'participant', passwordHash: '', now: NOW })).id;
  anna = await user('Anna');
  ben = await user('Ben');
  const request = { clientRequestId: null, title: 't', prompt: '{}', workflow: null, fingerprint: null };
  const added = await fresh.jobs.add({ ...request, id: randomUUID(), userId: anna, expectedFiles: null, now: NOW });
  jobId = added.job.id;
});
afterAll(() => fresh.close());

const input = (userId: string, sha256: string, blake3: string | null, name = `${sha256}.png`): Input => ({
  id: randomUUID(),
  userId,
  name,
  sha256,
  file: `${sha256}.png`,
  kind: 'image',
  mime: 'image/png',
  bytes: 1,
  createdAt: NOW,
  usesKnown: true,
  blake3,
});

async function result(name: string, sha256: string, preview = false) {
  const id = randomUUID();
  const named = { name, folder: 'Anna', stem: name, ending: '_.png', preview };
  await fresh.results.reserve({ id, userId: anna, jobId, attemptId: null, nodeId: '9', ...named });
  await deliver(id, sha256, false);
  return id;
}
async function deliver(id: string, sha256: string, unfinished: boolean) {
  const facts = { kind: 'image', mime: 'image/png', width: 1, height: 1, duration: null, codecs: null } as const;
  await fresh.results.record({ id, attemptId: null, facts, bytes: 1, sha256, unfinished, now: NOW });
}
const asResult = async (id: string): Promise<Asset> => {
  const found = await fresh.results.find(id);
  if (!found) throw new Error('no such result');
  return { type: 'result', result: found };
};
const idOf = (asset: Asset | null): string | null =>
  asset && (asset.type === 'input' ? asset.input.id : asset.result.id);

test('of an upload, for its owner only; it is known from the start or later', async () => {
  const known = await fresh.inputs.add(input(anna, 'a1', 'hash 1'), MAX);
  expect(known.blake3).toBe('hash 1');
  expect(idOf(await hashes.find(anna, 'hash 1'))).toBe(known.id);
  expect(await hashes.find(ben, 'hash 1')).toBeNull();

  const old = await fresh.inputs.add(input(anna, 'a2', null), MAX);
  expect(await hashes.find(anna, 'hash 2')).toBeNull();
  await hashes.record({ type: 'input', input: old }, 'hash 2');
  expect(idOf(await hashes.find(anna, 'hash 2'))).toBe(old.id);
});

test('an upload that comes again brings its hash', async () => {
  const old = await fresh.inputs.add(input(anna, 'a3', null), MAX);
  expect(await fresh.inputs.add(input(anna, 'a3', 'hash 3'), MAX)).toEqual({ ...old, blake3: 'hash 3' });
  expect(await fresh.inputs.add(input(anna, 'a3', null), MAX)).toEqual({ ...old, blake3: 'hash 3' });
});

test('of a result, unless it is in the trash; an upload of the same content is found first', async () => {
  const id = await result('one', 'r1');
  await hashes.record(await asResult(id), 'hash 4');
  expect(idOf(await hashes.find(anna, 'hash 4'))).toBe(id);
  expect(await hashes.find(ben, 'hash 4')).toBeNull();
  await fresh.results.trash(anna, [id], NOW);
  expect(await hashes.find(anna, 'hash 4')).toBeNull();
  await fresh.results.trash(anna, [id], null);
  const upload = await fresh.inputs.add(input(anna, 'r1', 'hash 4'), MAX);
  expect(idOf(await hashes.find(anna, 'hash 4'))).toBe(upload.id);
});

test('a preview is not found', async () => {
  await hashes.record(await asResult(await result('shown', 'p1', true)), 'hash 5');
  expect(await hashes.find(anna, 'hash 5')).toBeNull();
});

test('of content that was replaced meanwhile, nothing is recorded', async () => {
  const id = randomUUID();
  const named = { name: 'two', folder: 'Anna', stem: 'two', ending: '_.png', preview: false };
  await fresh.results.reserve({ id, userId: anna, jobId, attemptId: null, nodeId: '9', ...named });
  await deliver(id, 'half', true);
  const half = await asResult(id);
  await hashes.record(half, 'hash 6');
  expect(idOf(await hashes.find(anna, 'hash 6'))).toBe(id);
  await deliver(id, 'whole', false);
  expect(await hashes.find(anna, 'hash 6')).toBeNull();
  await hashes.record(half, 'hash 6');
  expect(await hashes.find(anna, 'hash 6')).toBeNull();
});
