import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NewEndpoint } from '#src/ports/endpoints.ts';
import { type Fresh, openFresh } from './fresh-database.testing.ts';

const now = Date.parse('2026-11-23T10:00:00.000Z');
const endpoint = (name: string, more: Partial<NewEndpoint> = {}): NewEndpoint => ({
  name,
  url: `http://${name}.test`,
  gpu: 'H200',
  pricing: 'spot',
  capacity: 2,
  apiKeyVariable: null,
  ...more,
});

describe('endpoints', () => {
  let stores: Fresh;
  beforeEach(async () => {
    stores = await openFresh();
  });
  afterEach(() => stores.close());
  const names = async (): Promise<string[]> => (await stores.endpoints.list()).map(({ name }) => name);

  test('those of the environment are there; put aside when it names them no more, and the same again when it does', async () => {
    await stores.endpoints.configure([endpoint('a'), endpoint('b')], now);
    const before = await stores.endpoints.list();
    expect(before.map(({ id, enabled, ...rest }) => ({ ...rest, enabled, hasId: id.length > 0 }))).toEqual(
      [endpoint('a'), endpoint('b')].map((rest) => ({ ...rest, enabled: true, hasId: true })),
    );
    await stores.endpoints.configure(
      [endpoint('b', { url: 'https://new.test', capacity: 5, apiKeyVariable: 'KEY' })],
      now,
    );
    expect(await names()).toEqual(['b']);
    expect(await stores.endpoints.find(before[0]?.id ?? '')).toMatchObject({ name: 'a' });
    expect(await stores.endpoints.find(before[1]?.id ?? '')).toMatchObject({
      url: 'https://new.test',
      capacity: 5,
      apiKeyVariable: 'KEY',
    });
    await stores.endpoints.configure([], now);
    expect(await names()).toEqual([]);
    await stores.endpoints.configure([endpoint('a'), endpoint('b')], now);
    expect(await stores.endpoints.list()).toEqual(before);
  });

  test('those that operators added stay, whatever the environment says', async () => {
    await stores.endpoints.upsert(endpoint('own'), now);
    await stores.endpoints.configure([endpoint('a')], now);
    await stores.endpoints.configure([], now);
    expect(await names()).toEqual(['own']);
  });

  test('a change is by name, and heard of', async () => {
    const made = await stores.endpoints.upsert(endpoint('a'), now);
    const changed = await stores.endpoints.upsert(endpoint('a', { capacity: 9 }), now + 1);
    expect(changed).toEqual({ ...made, capacity: 9 });
    expect(await stores.endpoints.list()).toEqual([changed]);
    expect(stores.heard).toEqual([{ type: 'settings.changed' }, { type: 'settings.changed' }]);
  });

  test('switched off it stays off, over a change and a new start', async () => {
    const { id } = await stores.endpoints.upsert(endpoint('a'), now);
    expect(await stores.endpoints.setEnabled(id, false)).toBe(true);
    await stores.endpoints.upsert(endpoint('a', { capacity: 3 }), now);
    await stores.endpoints.configure([endpoint('a')], now);
    expect(await stores.endpoints.find(id)).toMatchObject({ enabled: false });
    expect(await stores.endpoints.setEnabled(randomUUID(), false)).toBe(false);
    await stores.endpoints.configure([], now);
    expect(await stores.endpoints.setEnabled(id, true)).toBe(false);
    expect(await stores.endpoints.find(randomUUID())).toBeNull();
  });
});
