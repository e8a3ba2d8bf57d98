import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fresh, openFresh } from '../fresh-database.testing.ts';
import { createWorkflowStore } from './workflow-store.ts';

let stores: Fresh;
beforeAll(async () => {
  stores = await openFresh();
});
afterAll(() => stores.close());

test('workflows are kept by name, offered or not, and removed', async () => {
  const workflows = createWorkflowStore(stores.db, stores.bus);
  await workflows.add({ id: 'b', name: 'Storm', workflow: '{"nodes":[]}', prompt: null, now: 1000 });
  await workflows.add({ id: 'a', name: 'Calm', workflow: '{"nodes":[1]}', prompt: '{}', now: 2000 });
  const calm = { id: 'a', name: 'Calm', canRun: true, offered: true, createdAt: 2000 };
  expect(await workflows.list()).toEqual([
    calm,
    { id: 'b', name: 'Storm', canRun: false, offered: true, createdAt: 1000 },
  ]);
  expect(await workflows.find('a')).toEqual({ ...calm, workflow: '{"nodes":[1]}', prompt: '{}' });
  const again = workflows.add({ id: 'c', name: 'Calm', workflow: '{}', prompt: null, now: 1 });
  await expect(again).rejects.toMatchObject({ code: 'conflict' });
  expect(await workflows.setOffered('a', false)).toBe(true);
  expect((await workflows.find('a'))?.offered).toBe(false);
  expect(await workflows.remove('a')).toBe(true);
  expect([await workflows.remove('a'), await workflows.setOffered('a', true), await workflows.find('a')]).toEqual([
    false,
    false,
    null,
  ]);
});
