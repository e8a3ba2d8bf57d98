import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { afterServing, chooseNext, type Queue, turns, type Waiting } from './fairness.ts';
import { type Ahead, forecast } from './forecast.ts';

const job = (jobId: string, userId = jobId, avoid: readonly string[] = []) => ({ jobId, userId, avoid });
const gpu = (id: string, capacity = 1, enabled = true) => ({ id, capacity, enabled });
const ahead = (over: Partial<Ahead>): Ahead => ({
  order: ['a', 'b', 'c'].map((id) => job(id)),
  inFlight: [],
  endpoints: [gpu('one')],
  inFlightCap: 2,
  lasts: () => 10,
  ...over,
});
const never = Number.POSITIVE_INFINITY;
const flying = (leftMs: number, userId = 'x', endpointId = 'one') => ({ userId, endpointId, leftMs });

describe('forecast', () => {
  test.each<[string, Partial<Ahead>, Record<string, number>]>([
    ['one after the other', {}, { a: 0, b: 10, c: 20 }],
    ['after what is in flight', { inFlight: [flying(7)] }, { a: 7, b: 17, c: 27 }],
    ['two at a time', { endpoints: [gpu('one', 2)] }, { a: 0, b: 0, c: 10 }],
    ['two endpoints', { endpoints: [gpu('one'), gpu('two')] }, { a: 0, b: 0, c: 10 }],
    ['each by its own time', { lasts: (id) => (id === 'a' ? 100 : 1) }, { a: 0, b: 100, c: 101 }],
    ['an endpoint that is off or rests', { endpoints: [gpu('one', 1, false), gpu('two', 0)] }, {}],
    ['no endpoint at all', { endpoints: [] }, {}],
    ['behind what nobody knows', { lasts: (id) => (id === 'b' ? never : 10) }, { a: 0, b: 10 }],
    [
      'the other endpoint goes on',
      { endpoints: [gpu('one'), gpu('two')], inFlight: [flying(never)] },
      { a: 0, b: 10, c: 20 },
    ],
    [
      'jobs wait for their owner’s cap, others go past',
      { order: [job('a', 'ada'), job('b', 'ada'), job('c', 'ben')], endpoints: [gpu('one', 3)], inFlightCap: 1 },
      { a: 0, c: 0, b: 10 },
    ],
    [
      'an own cap counts',
      {
        order: [{ ...job('a', 'ada'), cap: 1 }, { ...job('b', 'ada'), cap: 1 }, job('c', 'ben')],
        endpoints: [gpu('one', 3)],
        inFlightCap: 3,
      },
      { a: 0, c: 0, b: 10 },
    ],
    [
      'not where it was lost, if there is another',
      {
        order: [job('a', 'a', ['one']), job('b')],
        endpoints: [gpu('one'), gpu('two')],
        inFlight: [flying(5, 'x', 'two')],
      },
      { b: 0, a: 5 },
    ],
    ['where it was lost, if there is no other', { order: [job('a', 'a', ['one'])] }, { a: 0 }],
    ['nothing waits', { order: [] }, {}],
  ])('%s', (_, over, expected) => expect(Object.fromEntries(forecast(ahead(over)))).toEqual(expected));

  test('jobs far behind are told nothing, and cost nothing', () => {
    const order = Array.from({ length: 30_000 }, (_, n) => job(`j${n}`, `u${n % 60}`));
    expect(forecast(ahead({ order, endpoints: [gpu('one', 4)] })).size).toBe(300);
  });

  test('sends as the dispatcher does', () => {
    const people = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        people,
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.nat(50), { minLength: 20, maxLength: 20 }),
        (users, capacity, times) => {
          const waiting = users.map(
            (userId, n): Waiting => ({ jobId: `j${n}`, userId, priority: 0, queuedAt: n, avoid: [] }),
          );
          const lasts = (jobId: string): number => 1 + (times[Number(jobId.slice(1))] ?? 0);
          const rules = {
            endpoints: [{ ...gpu('one', capacity), pricing: 'spot' as const }],
            inFlightCap: 100,
            spotFirst: true,
            fairness: 'fair' as const,
            paused: false,
          };
          let queue: Queue = { waiting, inFlight: [], lastServed: new Map() };
          const sent = new Map<string, number>();
          const ends: number[] = [];
          let now = 0;
          while (queue.waiting.length > 0) {
            for (let next = chooseNext(queue, rules); next; next = chooseNext(queue, rules)) {
              queue = afterServing(queue, next, now);
              sent.set(next.jobId, now);
              ends.push(now + lasts(next.jobId));
            }
            now = Math.min(...ends);
            const left = ends.filter((at) => at > now);
            queue = { ...queue, inFlight: queue.inFlight.slice(0, left.length) };
            ends.splice(0, ends.length, ...left);
          }
          const order = turns({ waiting, lastServed: new Map() }, 'fair');
          expect(forecast(ahead({ order, endpoints: [gpu('one', capacity)], inFlightCap: 100, lasts }))).toEqual(sent);
        },
      ),
    );
  });

  test('who comes later never comes sooner for it, and a longer line is never shorter for anybody', () => {
    const order = fc
      .array(fc.constantFrom('a', 'b', 'c'), { maxLength: 20 })
      .map((users) => users.map((userId, n) => job(`j${n}`, userId)));
    fc.assert(
      fc.property(order, fc.integer({ min: 1, max: 3 }), (order, capacity) => {
        const one = forecast(ahead({ order, endpoints: [gpu('one', capacity)], inFlightCap: 100 }));
        const more = forecast(
          ahead({ order: [...order, job('last')], endpoints: [gpu('one', capacity)], inFlightCap: 100 }),
        );
        for (const [jobId, ms] of one) expect(more.get(jobId)).toBe(ms);
        const times = order.map(({ jobId }) => one.get(jobId) ?? never);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }),
    );
  });
});
