import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Preset } from '#src/domain/fields/preset.ts';
import type { WorkflowStore } from '#src/ports/classes.ts';
import { type Fresh, openFresh } from '../fresh-database.testing.ts';
import { createWorkflowStore } from './workflow-store.ts';

let stores: Fresh;
let workflows: WorkflowStore;
beforeEach(async () => {
  stores = await openFresh();
  workflows = createWorkflowStore(stores.db, stores.bus);
});
afterEach(() => stores.close());

const add = (id: string, name: string) =>
  workflows.add({ id, name, workflow: '{"nodes":[]}', prompt: null, now: 1000 });
const names = async () => (await workflows.list()).map(({ name }) => name);
const unset = { makes: null, preset: null, pictureVersion: null };

test('workflows are kept by name, offered or not, and removed', async () => {
  await add('b', 'Storm');
  await workflows.add({ id: 'a', name: 'Calm', workflow: '{"nodes":[1]}', prompt: '{}', now: 2000 });
  const calm = { id: 'a', name: 'Calm', canRun: true, offered: true, createdAt: 2000, ...unset };
  expect(await workflows.list()).toEqual([
    calm,
    { id: 'b', name: 'Storm', canRun: false, offered: true, createdAt: 1000, ...unset },
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

test('they are by name until they are ordered; what is added later, or was left out, comes last', async () => {
  for (const name of ['C', 'A', 'B']) await add(name, name);
  expect(await names()).toEqual(['A', 'B', 'C']);
  await workflows.order(['C', 'A', 'gone']);
  await add('0', '0');
  expect(await names()).toEqual(['C', 'A', 'B', '0']);
  await workflows.order(['0', 'B', 'C', 'A']);
  expect(await names()).toEqual(['0', 'B', 'C', 'A']);
});

test('what the form has, and a picture, are kept with it', async () => {
  await add('a', 'Calm');
  const preset: Preset = { fields: [{ nodeId: '3', input: 'steps', least: 1, most: 30 }], others: false };
  expect(await workflows.present('a', { makes: 'A calm sea', preset })).toBe(true);
  expect(await workflows.picture('a')).toBeNull();
  expect(await workflows.setPicture('a', { version: 'v1', bytes: new Uint8Array([1, 2]) })).toBe(true);
  expect((await workflows.list())[0]).toMatchObject({ makes: 'A calm sea', preset, pictureVersion: 'v1' });
  expect(await workflows.picture('a')).toEqual({ version: 'v1', bytes: new Uint8Array([1, 2]) });
  await workflows.setPicture('a', null);
  expect([await workflows.picture('a'), (await workflows.find('a'))?.pictureVersion]).toEqual([null, null]);
  expect(await workflows.present('gone', { makes: null, preset: null })).toBe(false);
});
