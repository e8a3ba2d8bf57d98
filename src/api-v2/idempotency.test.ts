import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Fresh, openFresh } from '#src/adapters/db/fresh-database.testing.ts';
import { createApiRequests } from '#src/adapters/db/jobs/api-requests.ts';
import { AppError } from '#src/domain/errors.ts';
import { ApiError } from './errors.ts';
import { type Begin, createIdempotency, type Idempotency } from './idempotency.ts';

let fresh: Fresh;
beforeAll(async () => {
  fresh = await openFresh();
  for (const id of ['ada', 'ben'])
    await fresh.users.create({ id, name: id, role: 'participant', passwordHash: '', now: 1 });
});
afterAll(() => fresh.close());

let now = 0;
let made = 0;
const random = {
  id: () => `request-${++made}`,
  token: () => ({ token: '', hash: '' }),
  hashToken: String,
  below: () => 0,
};
/** As after a start. */
const start = (): Idempotency =>
  createIdempotency({ apiRequests: createApiRequests(fresh.db), clock: { now: () => now }, random });
let once: Idempotency;
let key = '';
beforeEach(() => {
  once = start();
  key = `key ${++made}`;
});

const asking = (body: unknown) => (begin: Begin) => begin(body);
const failing = (error: unknown) => async (begin: Begin) => {
  await begin({ a: 1 });
  throw error;
};
const reuse = { code: 'idempotency_key_reuse' };

test('one id for all requests with the same key and content, before and after a restart', async () => {
  const first = await once('ada', key, asking({ a: 1 }));
  expect(first.isRepeated).toBe(false);
  expect(await once('ada', key, asking({ a: 1 }))).toEqual({ id: first.id, isRepeated: true });
  once = start();
  expect(await once('ada', key, asking({ a: 1 }))).toEqual({ id: first.id, isRepeated: true });
  await expect(once('ada', key, asking({ a: 2 }))).rejects.toMatchObject(reuse);
  expect(await once('ada', key, asking({ a: 1 }))).toMatchObject({ id: first.id });
  expect((await once('ben', key, asking({ a: 2 }))).isRepeated).toBe(false);
  expect((await once('ada', `${key}+`, asking({ a: 2 }))).isRepeated).toBe(false);
});

test('what was refused gives its key back; of what was cut off the next one finds out', async () => {
  for (const error of [new AppError('too_large', 'No.'), new ApiError('not_found', 'No.')]) {
    await expect(once('ada', key, failing(error))).rejects.toBe(error);
    expect((await once('ada', key, asking({ a: key }))).isRepeated).toBe(false);
    key = `${key}+`;
  }
  await expect(once('ada', key, failing(new Error('cut off')))).rejects.toThrow('cut off');
  await expect(once('ada', key, asking({ a: 2 }))).rejects.toMatchObject(reuse);
  expect((await once('ada', key, asking({ a: 1 }))).isRepeated).toBe(true);
});

test('while one is answered, another with its key is refused, and the key of no other person', async () => {
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const first = once('ada', key, async (begin) => {
    await held;
    return begin({ a: 1 });
  });
  await expect(once('ada', key, asking({ a: 1 }))).rejects.toMatchObject({ code: 'idempotency_conflict' });
  expect((await once('ben', key, asking({ a: 1 }))).isRepeated).toBe(false);
  letGo();
  expect((await first).isRepeated).toBe(false);
  expect((await once('ada', key, asking({ a: 1 }))).isRepeated).toBe(true);
});

test('after 24 hours a key is new', async () => {
  await once('ada', key, asking({ a: 1 }));
  now += 24 * 3_600_000;
  await expect(once('ada', key, asking({ a: 2 }))).rejects.toMatchObject(reuse);
  now += 1;
  expect((await once('ada', key, asking({ a: 2 }))).isRepeated).toBe(false);
});

test('a key that is too long is refused', async () => {
  await expect(once('ada', 'k'.repeat(256), asking({}))).rejects.toMatchObject({ code: 'invalid_request' });
});
