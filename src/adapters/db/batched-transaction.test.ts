import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Signal } from '#src/ports/events.ts';
import { createBus } from '../events/bus.ts';
import { storedTogether } from './batched-transaction.ts';
import { type Fresh, openFresh } from './fresh-database.testing.ts';
import { jobUpdated } from './store-event.ts';

let stores: Fresh;
let transactions = 0;
const message: Signal[] = [];

beforeAll(async () => {
  stores = await openFresh();
});
afterAll(() => stores.close());

function openTogether() {
  const bus = createBus((error) => {
    throw error;
  });
  bus.listen((signal) => message.push(signal));
  const counting: typeof stores.db = new Proxy(stores.db, {
    get(target, key) {
      if (key === 'transaction') transactions += 1;
      const member: unknown = Reflect.get(target, key, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  return storedTogether(counting, bus);
}

const moved = (to: number): Signal => ({ type: 'file.delivered', bytes: to, ageMs: 0 });

test('what comes together is one transaction, answered one by one and heard in order', async () => {
  const together = openTogether();
  transactions = 0;
  message.length = 0;
  const answers = await Promise.all(
    [1, 2, 3, 4].map((n) =>
      together(async (tx, announce) => {
        // The later ones are quicker; what they say is heard in the order of the work anyway.
        for (let reads = n; reads < 4; reads += 1) await tx.setting.count();
        announce(moved(n));
        return `answer ${n}`;
      }),
    ),
  );
  expect(answers).toEqual(['answer 1', 'answer 2', 'answer 3', 'answer 4']);
  expect(message).toEqual([1, 2, 3, 4].map(moved));
  expect(transactions).toBe(1);
});

test('one that fails takes none of the others with it, and nothing of it is stored or heard', async () => {
  const together = openTogether();
  message.length = 0;
  const keys = [1, 2, 3].map((n) => `${randomUUID()} ${n}`);
  const answers = await Promise.allSettled(
    keys.map((key, index) =>
      together(async (tx, announce) => {
        await tx.setting.create({ data: { key, value: '1' } });
        announce(moved(index));
        if (index === 1) throw new Error('the second cannot be done');
        return index;
      }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(message).toEqual([moved(0), moved(2)]);
  const stored = await stores.db.setting.findMany({ where: { key: { in: keys } }, orderBy: { key: 'asc' } });
  expect(stored.map(({ key }) => key).sort()).toEqual([keys[0], keys[2]].sort());
  await stores.db.setting.deleteMany({ where: { key: { in: keys } } });
});

test('events are stored in the order of the work, and what may wait comes with them', async () => {
  const together = openTogether();
  transactions = 0;
  message.length = 0;
  const ofJob = (jobId: string) =>
    ({ type: 'new', userId: 'u', event: { type: 'job.updated', jobId }, now: 1 }) as const;
  await Promise.all([
    together.within(60_000, async (_, announce) => announce(ofJob('a'))),
    together(async (_, announce) => {
      announce(ofJob('b'));
      announce(moved(1));
    }),
  ]);
  const stored = message.map((signal) => (signal.type === 'stored' ? signal.event.jobId : signal.type));
  expect(stored).toEqual(['a', 'b', 'file.delivered']);
  const ids = message.flatMap((signal) => (signal.type === 'stored' ? [signal.event.id] : []));
  expect(ids).toEqual([...ids].sort((a, b) => a - b));
  expect(transactions).toBe(1);
});

test('what was stored although the answer was lost is heard before anything later, and only once', async () => {
  const user = await stores.users.create({
    id: randomUUID(),
    name: 'Ada',
    role: 'participant',
    passwordHash: '',
    now: 1,
  });
  const bus = createBus((error) => {
    throw error;
  });
  const heard: Signal[] = [];
  bus.listen((signal) => heard.push(signal));
  let isCut = false;
  const cut: typeof stores.db.transaction = async (work) => {
    const done = await stores.db.transaction(work);
    if (isCut) throw new Error('the connection was cut');
    return done;
  };
  const cutting: typeof stores.db = new Proxy(stores.db, {
    get: (target, key) => (key === 'transaction' ? cut : Reflect.get(target, key, target)),
  });
  const together = storedTogether(cutting, bus);
  const tell = (jobId: string) => together(async (_, announce) => announce(jobUpdated(user.id, jobId, 1)));
  await tell('first');
  isCut = true;
  await expect(tell('cut')).rejects.toThrow('the connection was cut');
  isCut = false;
  await tell('later');
  await tell('last');
  const events = heard.flatMap((signal) => (signal.type === 'stored' ? [signal.event] : []));
  expect(events.map(({ jobId }) => jobId)).toEqual(['first', 'cut', 'later', 'last']);
  expect(events.map(({ id }) => id)).toEqual(events.map(({ id }) => id).sort((a, b) => a - b));
});
