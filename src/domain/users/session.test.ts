import { expect, test } from 'vitest';
import { needsRenewal, SESSION_MS } from './session.ts';

const DAY = 86_400_000;

test.each([
  ['just opened', 0, false],
  ['a day old', DAY, false],
  ['more than a day old', DAY + 1, true],
  ['in its last minute', SESSION_MS - 60_000, true],
])('a session that is %s: renewed %s', (_, age, renewed) => expect(needsRenewal(SESSION_MS, age)).toBe(renewed));

test('use renews at most once a day', () => {
  let expiresAt = SESSION_MS;
  let writes = 0;
  for (let now = 0; now < 10 * DAY; now += DAY / 24) {
    if (!needsRenewal(expiresAt, now)) continue;
    writes += 1;
    expiresAt = now + SESSION_MS;
  }
  expect(writes).toBe(9);
});
