import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NewEndpoint } from '#src/ports/endpoints.ts';
import { type Fresh, openFresh } from '../fresh-database.testing.ts';

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
    expect(before).toMatchObject(
      [endpoint('a'), endpoint('b')].map((rest) => ({ ...rest, enabled: true, origin: 'environment', place: 0 })),
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
    expect(stores.message).toEqual([{ type: 'settings.changed' }, { type: 'settings.changed' }]);
  });

  test('a price that the operator has set stays', async () => {
    const { id } = await stores.endpoints.upsert(endpoint('a'), now);
    await stores.endpoints.fillPrice(id, 2.8);
    expect(await stores.endpoints.list()).toMatchObject([{ pricePerHour: 2.8 }]);
    await stores.endpoints.fillPrice(id, 9);
    expect(await stores.endpoints.list()).toMatchObject([{ pricePerHour: 2.8 }]);
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

  test('what operators say of one of the environment stays over a new start', async () => {
    await stores.endpoints.configure([endpoint('a'), endpoint('b')], now);
    const [a, b] = await stores.endpoints.list();
    if (!a || !b) throw new Error('two endpoints');
    await stores.endpoints.order([b.id]);
    await stores.endpoints.upsert({ ...endpoint('a'), pricePerHour: 3.5, deployment: 'film' }, now);
    await stores.endpoints.keepWarm(a.id, { until: now + 1000, workflowId: 'w' });
    await stores.endpoints.configure([endpoint('a', { capacity: 7 }), endpoint('b')], now);
    expect(await stores.endpoints.list()).toMatchObject([
      { name: 'b', place: 0 },
      {
        name: 'a',
        place: 1,
        capacity: 7,
        pricePerHour: 3.5,
        deployment: 'film',
        keepWarmUntil: now + 1000,
        warmWorkflowId: 'w',
      },
    ]);
  });

  test('a new one stands behind all that have an order; named anew it keeps its id and its place', async () => {
    for (const name of ['a', 'b']) await stores.endpoints.upsert(endpoint(name), now);
    const [a, b] = await stores.endpoints.list();
    await stores.endpoints.order([b?.id ?? '', a?.id ?? '']);
    await stores.endpoints.upsert(endpoint('c'), now);
    expect(await names()).toEqual(['b', 'a', 'c']);
    await stores.endpoints.upsert({ ...endpoint('z'), id: b?.id }, now);
    expect(await stores.endpoints.find(b?.id ?? '')).toMatchObject({ name: 'z', place: 0 });
    await expect(stores.endpoints.upsert({ ...endpoint('a'), id: b?.id }, now)).rejects.toMatchObject({
      code: 'conflict',
    });
    await stores.endpoints.order([]);
    expect(await names()).toEqual(['a', 'c', 'z']);
  });

  test('one that has run nothing is removed for good, and there is no second one to remove', async () => {
    const { id } = await stores.endpoints.upsert(endpoint('a'), now);
    expect(await stores.endpoints.remove(id)).toBe('removed');
    expect(await stores.endpoints.find(id)).toBeNull();
    expect(await stores.endpoints.remove(id)).toBe('missing');
    expect(await stores.endpoints.keepWarm(id, null)).toBe(false);
  });
});
