import fc from 'fast-check';
import { expect, test } from 'vitest';
import { afterFailure, allowedCapacity, type Breaker, CLOSED, coolDownEnd } from './circuit-breaker.ts';

const failed = (times: number, now: number): Breaker => {
  let breaker = CLOSED;
  for (let n = 0; n < times; n += 1) breaker = afterFailure(breaker, 'unreachable', now);
  return breaker;
};

test('an endpoint that answers has all of its capacity', () => expect(allowedCapacity(CLOSED, 8, 0)).toBe(8));

test.each([
  [1, 2000],
  [2, 4000],
  [5, 32_000],
  [6, 60_000],
  [5000, 60_000],
])('after %i failures it rests for %i ms, then one job tries it', (times, rest) => {
  const breaker = failed(times, 1000);
  expect(allowedCapacity(breaker, 8, 1000)).toBe(0);
  expect(allowedCapacity(breaker, 8, 1000 + rest - 1)).toBe(0);
  expect(allowedCapacity(breaker, 8, 1000 + rest)).toBe(1);
});

test('a clock that is set back by an hour does not make a rest an hour longer', () => {
  const breaker = failed(6, 3_600_000);
  expect([coolDownEnd(breaker, 3_600_000), allowedCapacity(breaker, 8, 3_600_000)]).toEqual([3_660_000, 0]);
  expect([coolDownEnd(breaker, 0), allowedCapacity(breaker, 8, 0)]).toEqual([null, 1]);
});

test('never allows more than the capacity', () => {
  fc.assert(
    fc.property(fc.nat(20), fc.nat(5), fc.nat(100_000), (times, capacity, now) => {
      expect(allowedCapacity(failed(times, 0), capacity, now)).toBeLessThanOrEqual(capacity);
    }),
  );
});

test('one lost attempt is no reason to rest; the second in a row is, until something worked', () => {
  const once = afterFailure(CLOSED, 'lost', 0);
  const twice = afterFailure(once, 'lost', 0);
  expect([allowedCapacity(once, 8, 0), allowedCapacity(twice, 8, 0), allowedCapacity(twice, 8, 60_000)]).toEqual([
    1, 0, 1,
  ]);
});
