import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  afterServing,
  chooseNext,
  type EndpointSlot,
  type FairnessRules,
  type Queue,
  type Waiting,
} from './fairness.ts';

type Step =
  | { do: 'arrive'; user: string; jobs: number }
  | { do: 'finish'; pick: number }
  | { do: 'send'; most: number }
  | { do: 'clock'; by: number };

type Lesson = { steps: Step[]; cap: number; capacities: number[]; spotFirst: boolean };

const USERS = ['a', 'b', 'c', 'd', 'e', 'f'];

/** A class at work: jobs come and go in any order, the clock may stand still or jump back. */
const lesson: fc.Arbitrary<Lesson> = fc.record({
  steps: fc.array(
    fc.oneof(
      fc.record({
        do: fc.constant('arrive' as const),
        user: fc.constantFrom(...USERS),
        jobs: fc.integer({ min: 1, max: 6 }),
      }),
      fc.record({ do: fc.constant('finish' as const), pick: fc.nat() }),
      fc.record({ do: fc.constant('send' as const), most: fc.integer({ min: 1, max: 8 }) }),
      fc.record({ do: fc.constant('clock' as const), by: fc.integer({ min: -3, max: 5 }) }),
    ),
    { minLength: 20, maxLength: 120 },
  ),
  cap: fc.integer({ min: 1, max: 4 }),
  capacities: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 3 }),
  spotFirst: fc.boolean(),
});

type EndpointAnswer = {
  queue: Queue;
  rules: FairnessRules;
  choice: ReturnType<typeof chooseNext>;
  canGo: (userId: string) => boolean;
};

/** Every decision of a lesson, with the facts it was made on. */
function* attend({ steps, cap, capacities, spotFirst }: Lesson): Generator<EndpointAnswer> {
  const endpoints = capacities.map((capacity, n): EndpointSlot => {
    return { id: `e${n}`, capacity, enabled: true, pricing: n % 2 ? 'spot' : 'on-demand' };
  });
  const given: FairnessRules = { endpoints, inFlightCap: cap, spotFirst, fairness: 'fair', paused: false };
  let at: Queue = { waiting: [], inFlight: [], lastServed: new Map() };
  let now = 1000;
  let count = 0;
  for (const step of steps) {
    if (step.do === 'clock') now += step.by;
    if (step.do === 'finish' && at.inFlight.length > 0)
      at = { ...at, inFlight: at.inFlight.toSpliced(step.pick % at.inFlight.length, 1) };
    if (step.do === 'arrive') {
      const fresh = Array.from({ length: step.jobs }, (_, n): Waiting => {
        return { jobId: `${step.user}${count + n}`, userId: step.user, priority: 0, queuedAt: now, avoid: [] };
      });
      count += fresh.length;
      at = { ...at, waiting: [...at.waiting, ...fresh] };
    }
    for (let sent = 0; step.do === 'send' && sent < step.most; sent += 1) {
      const choice = chooseNext(at, given);
      const before = at;
      const mine = (userId: string) => before.inFlight.filter((one) => one.userId === userId).length;
      yield {
        queue: at,
        rules: given,
        choice,
        canGo: (userId) => before.waiting.some((one) => one.userId === userId) && mine(userId) < cap,
      };
      if (!choice) break;
      at = afterServing(at, choice, now);
    }
  }
}

describe('a class at work', () => {
  test('nobody waits for more than one job of each other participant between two of their own turns', () => {
    let sent = 0;
    fc.assert(
      fc.property(lesson, (given) => {
        /** `p q`: turns that q had since p could have had one. */
        const since = new Map<string, number>();
        for (const { choice, canGo } of attend(given)) {
          if (!choice) continue;
          sent += 1;
          for (const p of USERS)
            for (const q of USERS) {
              if (p === choice.userId || !canGo(p)) since.delete(`${p} ${q}`);
              else if (q === choice.userId) since.set(`${p} ${q}`, (since.get(`${p} ${q}`) ?? 0) + 1);
            }
          expect(Math.max(0, ...since.values())).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 400 },
    );
    expect(sent).toBeGreaterThan(2000);
  });

  test('caps and capacities hold, and no GPU stays idle while somebody could use it', () => {
    const idle = new Set<string>();
    fc.assert(
      fc.property(lesson, (given) => {
        for (const { queue, rules, choice, canGo } of attend(given)) {
          const used = (id: string) => queue.inFlight.filter(({ endpointId }) => endpointId === id).length;
          const free = rules.endpoints.filter(({ id, capacity }) => used(id) < capacity);
          if (choice) {
            expect(canGo(choice.userId)).toBe(true);
            expect(free.map(({ id }) => id)).toContain(choice.endpointId);
            expect(queue.waiting.find(({ jobId }) => jobId === choice.jobId)?.userId).toBe(choice.userId);
          } else {
            expect(free.length === 0 || !USERS.some(canGo)).toBe(true);
            idle.add(free.length === 0 ? 'full' : 'nobody');
          }
        }
      }),
      { numRuns: 200 },
    );
    expect(idle.size).toBe(2);
  });

  test('the same facts give the same decision, in whatever order they are told', () => {
    fc.assert(
      fc.property(lesson, fc.infiniteStream(fc.nat()), (given, random) => {
        const shuffled = <T>(items: readonly T[]): T[] => {
          const keyed = items.map((item) => [random.next().value, item] as const);
          return keyed.sort(([a], [b]) => a - b).map(([, item]) => item);
        };
        for (const { queue, rules, choice } of attend(given)) {
          const again = {
            waiting: shuffled(queue.waiting),
            inFlight: shuffled(queue.inFlight),
            lastServed: new Map(shuffled([...queue.lastServed])),
          };
          expect(chooseNext(again, { ...rules, endpoints: shuffled(rules.endpoints) })).toEqual(choice);
        }
      }),
    );
  });
});
