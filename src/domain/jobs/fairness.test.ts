import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  afterServing,
  chooseNext,
  type EndpointSlot,
  type FairnessRules,
  lanesOf,
  type Queue,
  room,
  turns,
  type Waiting,
} from './fairness.ts';

const endpoint = (id: string, capacity: number, part: Partial<EndpointSlot> = {}): EndpointSlot => ({
  id,
  capacity,
  enabled: true,
  pricing: 'on-demand',
  ...part,
});
const rules = (part: Partial<FairnessRules> = {}): FairnessRules => ({
  endpoints: [endpoint('e', 1000)],
  inFlightCap: 1000,
  spotFirst: false,
  fairness: 'fair',
  paused: false,
  ...part,
});
const job = (jobId: string, queuedAt: number, priority = 0): Waiting => ({
  jobId,
  userId: jobId.charAt(0),
  priority,
  queuedAt,
  avoid: [],
});
const queue = (waiting: Waiting[], part: Partial<Queue> = {}): Queue => ({
  waiting,
  inFlight: [],
  lastServed: new Map(),
  ...part,
});
const ids = (jobs: readonly Waiting[]) => jobs.map(({ jobId }) => jobId);

test('an endpoint that would reject a graph comes after one that lost it, and is taken only where there is no other', () => {
  const lost = { ...job('a1', 1), avoid: ['e0'], rejectedBy: ['e1'] };
  const goesTo = (enabled: readonly boolean[], more: Partial<Waiting> = {}, part: Partial<Queue> = {}) =>
    chooseNext(
      queue([{ ...lost, ...more }], part),
      rules({ endpoints: enabled.map((on, n) => endpoint(`e${n}`, 1, { enabled: on })) }),
    )?.endpointId;
  expect(goesTo([true, true, true])).toBe('e2');
  expect(goesTo([true, true])).toBe('e0');
  expect(goesTo([true, true], {}, { inFlight: [{ userId: null, endpointId: 'e0' }] })).toBeUndefined();
  expect(goesTo([false, true])).toBe('e1');
  expect(goesTo([true, true], { only: 'e1' })).toBe('e1');
});

/** The order in which jobs are really sent when nothing holds them up. */
function served(start: Queue, now: () => number): string[] {
  const order: string[] = [];
  let at = start;
  for (let choice = chooseNext(at, rules()); choice; choice = chooseNext(at, rules())) {
    order.push(choice.jobId);
    at = afterServing(at, choice, now());
  }
  return order;
}

describe('turns', () => {
  test.each([
    ['nobody', [], {}, []],
    ['one participant: first come, first served', [job('a2', 2), job('a1', 1), job('a3', 3)], {}, ['a1', 'a2', 'a3']],
    [
      'rounds',
      [job('a1', 1), job('a2', 2), job('a3', 3), job('b1', 4), job('b2', 5)],
      {},
      ['a1', 'b1', 'a2', 'b2', 'a3'],
    ],
    ['longest ago first', [job('a1', 1), job('b1', 2), job('c1', 3)], { a: 30, b: 20, c: 10 }, ['c1', 'b1', 'a1']],
    ['never served before all others', [job('a1', 1), job('b1', 2)], { a: 5 }, ['b1', 'a1']],
    [
      'a flood does not hold up one job',
      [...Array.from({ length: 9 }, (_, n) => job(`a${n}`, n)), job('b1', 99)],
      {},
      ['a0', 'b1', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7', 'a8'],
    ],
    [
      'priority before turns',
      [job('a1', 1), job('b1', 2, 1), job('b2', 3, 1), job('c1', 4, 9)],
      {},
      ['c1', 'b1', 'b2', 'a1'],
    ],
    [
      'who had a priority job comes last in the round after',
      [job('a1', 1, 1), job('a2', 2), job('b1', 3)],
      {},
      ['a1', 'b1', 'a2'],
    ],
    ['the same moment: by id', [job('a2', 1), job('a1', 1)], {}, ['a1', 'a2']],
  ])('%s', (_, waiting, lastServed, order) => {
    expect(ids(turns({ waiting, lastServed: new Map(Object.entries(lastServed)) }, 'fair'))).toEqual(order);
  });

  const jobs = fc
    .array(
      fc.record({
        user: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        queuedAt: fc.nat(30),
        priority: fc.constantFrom(0, 0, 0, 1, 2),
      }),
      { maxLength: 30 },
    )
    .map((drafts) => drafts.map(({ user, queuedAt, priority }, n) => job(`${user}${n}`, queuedAt, priority)));
  const lastServed = fc
    .dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'z'), fc.nat(30), { noNullPrototype: true })
    .map((entries) => new Map(Object.entries(entries)));

  test('give every waiting job exactly one turn, higher priority first, each participant’s own in their order', () => {
    fc.assert(
      fc.property(jobs, lastServed, (waiting, lastServed) => {
        const order = turns({ waiting, lastServed }, 'fair');
        expect([...order].sort((a, b) => (a.jobId < b.jobId ? -1 : 1))).toEqual(
          [...waiting].sort((a, b) => (a.jobId < b.jobId ? -1 : 1)),
        );
        order.forEach((later, index) => {
          for (const earlier of order.slice(0, index)) {
            expect(earlier.priority).toBeGreaterThanOrEqual(later.priority);
            if (earlier.userId === later.userId && earlier.priority === later.priority)
              expect(earlier.queuedAt).toBeLessThanOrEqual(later.queuedAt);
          }
        });
      }),
    );
  });

  test.each([
    [
      'first come: nobody overtakes',
      'first-come',
      [job('a1', 1), job('a2', 2), job('b1', 3), job('c1', 4, 9)],
      'a1 a2 b1 c1',
    ],
    [
      'priority, then arrival',
      'priority',
      [job('a1', 1), job('a2', 2), job('b1', 3, 1), job('c1', 4, 1)],
      'b1 c1 a1 a2',
    ],
    ['the same moment: by id', 'first-come', [job('b1', 1), job('a1', 1)], 'a1 b1'],
  ] as const)('%s', (_, fairness, waiting, order) => {
    expect(ids(turns({ waiting, lastServed: new Map([['a', 5]]) }, fairness)).join(' ')).toBe(order);
  });

  test('whatever the mode, each job has one turn, one’s own of one priority come in their order, and who was served counts only in fair', () => {
    fc.assert(
      fc.property(jobs, lastServed, fc.constantFrom('first-come', 'priority'), (waiting, lastServed, fairness) => {
        const order = turns({ waiting, lastServed }, fairness);
        expect(new Set(order)).toEqual(new Set(waiting));
        expect(order).toHaveLength(waiting.length);
        expect(turns({ waiting, lastServed: new Map() }, fairness)).toEqual(order);
        order.forEach((later, index) => {
          const earlier = order[index - 1];
          if (!earlier) return;
          if (fairness === 'priority') expect(earlier.priority).toBeGreaterThanOrEqual(later.priority);
          if (fairness === 'first-come' || earlier.priority === later.priority)
            expect(earlier.queuedAt).toBeLessThanOrEqual(later.queuedAt);
        });
      }),
    );
  });

  test('are the order in which jobs are sent when nothing holds them up, even when the clock stands still', () => {
    fc.assert(
      fc.property(jobs, lastServed, fc.boolean(), (waiting, lastServed, ticking) => {
        let now = 1000;
        const clock = () => {
          if (ticking) now += 1;
          return now;
        };
        const order = served(queue(waiting, { lastServed }), clock);
        expect(order).toEqual(ids(turns({ waiting, lastServed }, 'fair')));
      }),
    );
  });

  test('do not depend on the order of what is given, and change nothing of it', () => {
    fc.assert(
      fc.property(
        jobs.chain((waiting) =>
          fc.tuple(fc.constant(waiting), fc.shuffledSubarray(waiting, { minLength: waiting.length })),
        ),
        lastServed,
        ([waiting, shuffled], lastServed) => {
          const before = structuredClone({ shuffled, lastServed });
          const reversed = new Map([...lastServed].reverse());
          expect(turns({ waiting: shuffled, lastServed: reversed }, 'fair')).toEqual(
            turns({ waiting, lastServed }, 'fair'),
          );
          expect({ shuffled, lastServed }).toEqual(before);
        },
      ),
    );
  });
});

describe('chooseNext', () => {
  const waiting = [job('a1', 1), job('b1', 2)];
  const busy = (userId: string, endpointId: string, times: number) =>
    Array.from({ length: times }, () => ({ userId, endpointId }));
  const two = [endpoint('spot', 2, { pricing: 'spot' }), endpoint('dear', 4)];
  test.each<[string, Queue, Partial<FairnessRules>, string | null]>([
    ['nothing waits', queue([]), {}, null],
    ['no endpoints', queue(waiting), { endpoints: [] }, null],
    ['paused', queue(waiting), { paused: true }, null],
    ['the endpoint is off', queue(waiting), { endpoints: [endpoint('e', 5, { enabled: false })] }, null],
    ['no capacity', queue(waiting), { endpoints: [endpoint('e', 0)] }, null],
    ['full', queue(waiting, { inFlight: busy('z', 'e', 2) }), { endpoints: [endpoint('e', 2)] }, null],
    [
      'over-full after the capacity was lowered',
      queue(waiting, { inFlight: busy('z', 'e', 3) }),
      { endpoints: [endpoint('e', 2)] },
      null,
    ],
    ['the first in turn', queue(waiting), {}, 'a1 on e'],
    ['at the cap: the next one', queue(waiting, { inFlight: busy('a', 'e', 2) }), { inFlightCap: 2 }, 'b1 on e'],
    [
      'at a cap of their own, though all others may have more',
      queue([{ ...job('a1', 1), cap: 1 }, job('b1', 2)], { inFlight: busy('a', 'e', 1) }),
      { inFlightCap: 2 },
      'b1 on e',
    ],
    [
      'more than others, where their own cap says so',
      queue([{ ...job('a1', 1), cap: 3 }, job('b1', 2)], { inFlight: busy('a', 'e', 2) }),
      { inFlightCap: 2 },
      'a1 on e',
    ],
    [
      'all at their cap',
      queue(waiting, { inFlight: [...busy('a', 'e', 1), ...busy('b', 'x', 1)] }),
      { inFlightCap: 1 },
      null,
    ],
    ['a priority job goes first', queue([...waiting, job('c9', 9, 1)]), {}, 'c9 on e'],
    [
      'a priority job keeps to the cap',
      queue([...waiting, job('c9', 9, 1)], { inFlight: busy('c', 'e', 1) }),
      { inFlightCap: 1 },
      'a1 on e',
    ],
    [
      'spot first when told so',
      queue(waiting, { inFlight: busy('z', 'spot', 1) }),
      { endpoints: two, spotFirst: true },
      'a1 on spot',
    ],
    [
      'spot full: the other one',
      queue(waiting, { inFlight: busy('z', 'spot', 2) }),
      { endpoints: two, spotFirst: true },
      'a1 on dear',
    ],
    [
      'else the largest free share',
      queue(waiting, { inFlight: [...busy('z', 'spot', 1), ...busy('y', 'dear', 1)] }),
      { endpoints: two },
      'a1 on dear',
    ],
    ['the same share: by id', queue(waiting), { endpoints: two }, 'a1 on dear'],
    [
      'what runs on endpoints that are gone takes no room',
      queue(waiting, { inFlight: busy('z', 'gone', 9) }),
      { endpoints: [endpoint('e', 1)] },
      'a1 on e',
    ],
  ])('%s', (_, given, part, choice) => {
    const next = chooseNext(given, rules(part));
    expect(next && `${next.jobId} on ${next.endpointId}`).toBe(choice);
    if (next) expect(next.jobId.startsWith(next.userId)).toBe(true);
  });
});

test('serving takes the job out of the line, counts it as in flight and remembers the turn', () => {
  const before = queue([job('a1', 1), job('b1', 2)], { lastServed: new Map([['b', 50]]) });
  const after = afterServing(before, { jobId: 'a1', userId: 'a', endpointId: 'e' }, 90);
  expect(after).toEqual({
    waiting: [job('b1', 2)],
    inFlight: [{ userId: 'a', endpointId: 'e' }],
    lastServed: new Map([
      ['b', 50],
      ['a', 90],
    ]),
  });
  expect(before.waiting).toHaveLength(2);
  expect(before.lastServed.size).toBe(1);
});

test('a turn is later than all turns before it, even when the clock says otherwise', () => {
  const before = queue([job('a1', 1)], { lastServed: new Map([['b', 50]]) });
  for (const now of [50, 20]) {
    const { lastServed } = afterServing(before, { jobId: 'a1', userId: 'a', endpointId: 'e' }, now);
    expect(lastServed.get('a')).toBeGreaterThan(50);
  }
});

describe('a warm-up', () => {
  const warmUp = { ...job('t1', 1), only: 'cold' };
  const endpoints = [endpoint('cold', 1), endpoint('warm', 5)];
  test.each<[string, Partial<Queue>, Partial<FairnessRules>, string | null]>([
    ['goes to its endpoint only', {}, {}, 'cold'],
    ['waits while that one is full', { inFlight: [{ userId: 'a', endpointId: 'cold' }] }, {}, null],
    [
      'waits while that one is off',
      {},
      { endpoints: [endpoint('cold', 1, { enabled: false }), endpoint('warm', 5)] },
      null,
    ],
    ['is held back by no cap', { inFlight: [{ userId: 't', endpointId: 'warm' }] }, { inFlightCap: 1 }, 'cold'],
  ])('%s', (_, part, more, expected) => {
    expect(chooseNext(queue([warmUp], part), rules({ endpoints, ...more }))?.endpointId ?? null).toBe(expected);
  });

  test('in flight it takes its owner nothing', () => {
    const busy = queue([job('t2', 2)], { inFlight: [{ userId: null, endpointId: 'cold' }] });
    expect(chooseNext(busy, rules({ endpoints, inFlightCap: 1 }))?.endpointId).toBe('warm');
  });
});

test('in the operator’s order the first one with room is filled first; spot before on-demand all the same', () => {
  const endpoints = [
    endpoint('a', 2, { place: 2 }),
    endpoint('b', 2, { place: 1 }),
    endpoint('c', 1, { place: 3, pricing: 'spot' }),
  ];
  const order: string[] = [];
  let at = queue(Array.from({ length: 5 }, (_, n) => job(`a${n}`, n)));
  const all = rules({ endpoints, spotFirst: true });
  for (let choice = chooseNext(at, all); choice; choice = chooseNext(at, all)) {
    order.push(choice.endpointId);
    at = afterServing(at, choice, 0);
  }
  expect(order).toEqual(['c', 'b', 'b', 'a', 'a']);
});

const someQueue = fc.record({
  waiting: fc
    .array(fc.record({ owner: fc.constantFrom('a', 'b', 'c'), queuedAt: fc.nat(50), priority: fc.nat(2) }), {
      maxLength: 30,
    })
    .map((all) => all.map(({ owner, queuedAt, priority }, index) => job(`${owner}${index}`, queuedAt, priority))),
  served: fc.record({ a: fc.nat(50), b: fc.nat(50), c: fc.nat(50) }),
});

test.each(['fair', 'first-come', 'priority'] as const)(
  '%s: whoever knows only the next jobs of each participant chooses as with all of them',
  (fairness) => {
    fc.assert(
      fc.property(someQueue, fc.integer({ min: 1, max: 5 }), ({ waiting, served }, capacity) => {
        const chosen = (line: readonly Waiting[]) => {
          const ids: string[] = [];
          let all: Queue = queue([...line], { lastServed: new Map(Object.entries(served)) });
          const own = rules({ fairness, endpoints: [endpoint('e', capacity)], inFlightCap: 3 });
          for (let one = chooseNext(all, own); one !== null; one = chooseNext(all, own)) {
            ids.push(one.jobId);
            all = afterServing(all, one, 60);
          }
          return ids;
        };
        const next = [...lanesOf(waiting, fairness).values()].flatMap((lane) => lane.slice(0, capacity));
        expect(chosen(next)).toEqual(chosen(waiting));
      }),
    );
  },
);

test('room is what enabled endpoints have left, and none while everything is paused', () => {
  const endpoints = [endpoint('e', 3), endpoint('small', 1), endpoint('off', 5, { enabled: false })];
  const inFlight = ['e', 'small', 'small'].map((endpointId) => ({ userId: 'a', endpointId }));
  expect(room({ inFlight }, rules({ endpoints }))).toBe(2);
  expect(room({ inFlight }, rules({ endpoints, paused: true }))).toBe(0);
});
