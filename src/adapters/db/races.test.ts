import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fresh, openFresh } from './fresh-database.testing.ts';

let stores: Fresh;
const now = Date.parse('2026-12-01T10:00:00Z');
const person = (id: string, role: 'operator' | 'participant' = 'participant') =>
  ({ id, name: id, role, passwordHash: 'x', now }) as const;

beforeAll(async () => {
  stores = await openFresh();
});
afterAll(() => stores.close());

test('of ten who join at once while three seats are left, three get one', async () => {
  await stores.joinCodes.add({ id: 'class', code: 'CLASS', seats: 3, createdAt: now, expiresAt: now + 60_000 });
  const seats = await Promise.all(
    Array.from({ length: 10 }, (_, number) => stores.joinCodes.takeSeat('class', person(`joins-${number}`))),
  );
  expect(seats.filter((seat) => seat !== null)).toHaveLength(3);
  expect(await stores.db.user.count({ where: { joinCodeId: 'class' } })).toBe(3);
});

test('operators who disable each other at once leave one of them', async () => {
  const ids = ['op-1', 'op-2', 'op-3', 'op-4'];
  for (const id of ids) await stores.users.create(person(id, 'operator'));
  const done = await Promise.allSettled(ids.map((id) => stores.users.setEnabled(id, false, now)));
  expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  expect(await stores.db.user.count({ where: { role: 'operator', disabledAt: null } })).toBe(1);
});
