import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fresh, openFresh } from '../fresh-database.testing.ts';

let stores: Fresh;
beforeAll(async () => {
  stores = await openFresh();
});
afterAll(() => stores.close());

const EVERYTHING = { from: null, to: null, subjectId: null, actorId: null, words: null, limit: 50, beforeId: null };

test('what was done is found by time, by what it was done to and by words, newest first and page by page', async () => {
  const { auditLog } = stores;
  const actor = { id: 'op', name: 'Teacher' };
  await auditLog.write({ at: 1000, actor, type: 'admin.queue.pause', subjectId: null, detail: {} });
  await auditLog.write({ at: 2000, actor: null, type: 'endpoint.rests', subjectId: 'h200', detail: { why: 'lost' } });
  await auditLog.write({
    at: 3000,
    actor,
    type: 'admin.endpoints.setEnabled',
    subjectId: 'h200',
    detail: { enabled: false },
  });
  const types = async (query: object) => (await auditLog.list({ ...EVERYTHING, ...query })).map(({ type }) => type);
  expect(await types({})).toEqual(['admin.endpoints.setEnabled', 'endpoint.rests', 'admin.queue.pause']);
  expect(await types({ from: 2000, to: 3000 })).toEqual(['endpoint.rests']);
  expect(await types({ subjectId: 'h200' })).toEqual(['admin.endpoints.setEnabled', 'endpoint.rests']);
  const words = (text: string, part = {}) => ({
    words: text,
    besides: { types: [], detail: null, ...part },
  });
  expect(await types(words('Teach'))).toEqual(['admin.endpoints.setEnabled', 'admin.queue.pause']);
  expect(await types(words('lost'))).toEqual(['endpoint.rests']);
  expect(await types(words('lost', { types: ['admin.queue.pause'] }))).toEqual(['endpoint.rests', 'admin.queue.pause']);
  expect(await types(words('nowhere', { detail: '"enabled":false' }))).toEqual(['admin.endpoints.setEnabled']);
  const [newest] = await auditLog.list({ ...EVERYTHING, limit: 1 });
  expect(newest).toMatchObject({ at: 3000, actor, detail: { enabled: false } });
  expect(await types({ beforeId: newest?.id })).toEqual(['endpoint.rests', 'admin.queue.pause']);
  expect((await auditLog.list({ ...EVERYTHING, ...words('rests') }))[0]?.actor).toBeNull();
  expect(await types({ actorId: 'op' })).toEqual(['admin.endpoints.setEnabled', 'admin.queue.pause']);
  expect(await types({ actorId: 'system' })).toEqual(['endpoint.rests']);
  expect(await auditLog.actors()).toEqual([actor]);
  expect(await auditLog.forgetBefore(3000)).toBe(2);
  expect(await types({})).toEqual(['admin.endpoints.setEnabled']);
});
