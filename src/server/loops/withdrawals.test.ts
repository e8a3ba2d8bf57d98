import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Duplicate } from '#src/ports/duplicates.ts';
import type { Signal } from '#src/ports/events.ts';
import { triesFor } from './stop-attempts.ts';
import { createWithdrawals } from './withdrawals.ts';

const CAPACITY = 3;
const duplicate = (id: string, endpointId = 'gpus'): Duplicate => ({ id, jobId: `job of ${id}`, endpointId });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function stage() {
  const recent: Duplicate[] = [];
  const asked: [endpoint: string, ids: readonly string[]][] = [];
  const givenUp: string[] = [];
  let tell: (signal: Signal) => void = () => undefined;
  const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const faults = { refuses: false };
  const withdrawals = createWithdrawals({
    duplicates: { withdrawn: async () => [...recent] },
    endpoints: {
      find: async (id) => ({
        id,
        name: id,
        url: `http://${id}.example`,
        gpu: '',
        pricing: 'spot',
        capacity: CAPACITY,
        enabled: true,
        apiKeyVariable: null,
        origin: 'operator',
        place: 0,
        pricePerHour: null,
        deployment: null,
        listening: 'auto',
        keepWarmUntil: null,
        warmWorkflowId: null,
      }),
    },
    worker: {
      withdraw: async ({ id }, ids) => {
        asked.push([id, ids]);
        if (faults.refuses) throw new Error('refused');
      },
    },
    stopper: { giveUpRequest: (id) => void givenUp.push(id) },
    bus: {
      listen: (listener) => {
        tell = (signal) => listener(signal, null);
        return () => undefined;
      },
      announce: () => undefined,
    },
    clock: { now: () => Date.now() },
    log,
  });
  const moved = () => tell({ type: 'duplicates.withdrawn', jobId: 'j' });
  return { withdrawals, recent, asked, givenUp, log, faults, moved };
}

test('all of an endpoint in one request, repeated until each replica has very likely had it, and not again', async () => {
  const { withdrawals, recent, asked, givenUp, moved } = stage();
  withdrawals.start();
  await vi.advanceTimersByTimeAsync(2000);
  expect(asked).toEqual([]);
  recent.push(duplicate('a'), duplicate('b'), duplicate('c', 'others'));
  moved();
  await vi.advanceTimersByTimeAsync(60_000);
  const of = (endpoint: string) => asked.filter(([name]) => name === endpoint).map(([, ids]) => ids);
  expect(of('gpus')).toEqual(Array.from({ length: triesFor(CAPACITY) }, () => ['a', 'b']));
  expect(of('others')).toEqual(Array.from({ length: triesFor(CAPACITY) }, () => ['c']));
  expect(givenUp).toEqual(['a', 'b', 'c']);
  await withdrawals.stop();
});

test('one that comes while others are being withdrawn has all its requests; a worker that refuses is told once', async () => {
  const { withdrawals, recent, asked, log, faults, moved } = stage();
  faults.refuses = true;
  withdrawals.start();
  recent.push(duplicate('a'));
  moved();
  await vi.advanceTimersByTimeAsync(300);
  recent.push(duplicate('b'));
  moved();
  await vi.advanceTimersByTimeAsync(60_000);
  const times = (id: string) => asked.filter(([, ids]) => ids.includes(id)).length;
  expect(times('b')).toBe(triesFor(CAPACITY));
  // What is asked for the other at once is asked for this one too.
  expect(times('a')).toBeGreaterThanOrEqual(triesFor(CAPACITY));
  expect(times('a')).toBeLessThan(triesFor(CAPACITY) + 3 * CAPACITY);
  expect(log.info).toHaveBeenCalledTimes(1);
  expect(log.error).not.toHaveBeenCalled();
  await withdrawals.stop();
});

test('most replicas are asked at once, also for one that comes between two requests', async () => {
  const { withdrawals, recent, asked, moved } = stage();
  withdrawals.start();
  recent.push(duplicate('a'));
  moved();
  await vi.advanceTimersByTimeAsync(100);
  expect(asked).toEqual(Array.from({ length: 3 * CAPACITY }, () => ['gpus', ['a']]));
  recent.push(duplicate('b'));
  moved();
  await vi.advanceTimersByTimeAsync(100);
  expect(asked.filter(([, ids]) => ids.includes('b'))).toHaveLength(3 * CAPACITY);
  await vi.advanceTimersByTimeAsync(60_000);
  await withdrawals.stop();
});

test('a stop withdraws what has just come, and ends soon', async () => {
  const { withdrawals, recent, asked } = stage();
  withdrawals.start();
  await vi.advanceTimersByTimeAsync(100);
  recent.push(duplicate('a'));
  const stopped = withdrawals.stop();
  await vi.advanceTimersByTimeAsync(2000);
  await stopped;
  const before = asked.length;
  expect(before).toBeGreaterThanOrEqual(3 * CAPACITY);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(before);
});
