import { afterAll, beforeAll, expect, test } from 'vitest';
import { settings } from '#src/domain/settings/settings.ts';
import { type Fresh, openFresh } from '../fresh-database.testing.ts';

let stores: Fresh;
beforeAll(async () => {
  stores = await openFresh();
});
afterAll(() => stores.close());

test('settings: defaults, changed one by one, heard of, and never to what is not allowed', async () => {
  const defaults = settings.parse({});
  expect(await stores.settings.read()).toEqual(defaults);
  expect(await stores.settings.change({ inFlightCap: 7 })).toEqual({ ...defaults, inFlightCap: 7 });
  expect(await stores.settings.change({ dispatchPaused: true, maxAttempts: 1 })).toEqual({
    ...defaults,
    inFlightCap: 7,
    dispatchPaused: true,
    maxAttempts: 1,
  });
  expect(await stores.settings.read()).toEqual({ ...defaults, inFlightCap: 7, dispatchPaused: true, maxAttempts: 1 });
  expect(stores.message).toEqual([{ type: 'settings.changed' }, { type: 'settings.changed' }]);
  await expect(stores.settings.change({ inFlightCap: 0 })).rejects.toThrow();
  expect((await stores.settings.read()).inFlightCap).toBe(7);
  expect(stores.message).toHaveLength(2);
});

test('two changes at once both count', async () => {
  await Promise.all([
    stores.settings.change({ waitingCap: 11 }),
    stores.settings.change({ startBudgetMs: 12_000 }),
    stores.settings.change({ spotFirst: false }),
  ]);
  expect(await stores.settings.read()).toMatchObject({ waitingCap: 11, startBudgetMs: 12_000, spotFirst: false });
});
