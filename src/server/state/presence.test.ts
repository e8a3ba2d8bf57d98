import { expect, test } from 'vitest';
import { createBus } from '#src/adapters/events/bus.ts';
import { createPresence } from './presence.ts';

test('tabs are counted by user, and only coming and going is told', () => {
  const bus = createBus((error) => {
    throw error;
  });
  let told = 0;
  bus.listen(({ type }) => {
    if (type === 'presence.changed') told += 1;
  });
  const presence = createPresence(bus);
  presence.enter('anna');
  presence.enter('anna');
  presence.enter('ben');
  expect([presence.tabs('anna'), presence.tabs('ben'), presence.tabs('eva'), told]).toEqual([2, 1, 0, 2]);
  presence.leave('anna');
  expect([presence.tabs('anna'), told]).toEqual([1, 2]);
  presence.leave('anna');
  expect([presence.tabs('anna'), told]).toEqual([0, 3]);
});
