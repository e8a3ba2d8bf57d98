import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BALANCING,
  type BalancingFacts,
  duplicatesToSend,
  type Flight,
  maxDuplicates,
  startDelayMs,
} from './balancing.ts';

const NOW = 1_000_000;
const facts = (over: Partial<BalancingFacts> = {}): BalancingFacts => ({
  replicas: 4,
  isOpen: true,
  ranAt: NOW - 1000,
  ranMs: 100_000,
  wastedMs: 0,
  startTimes: [100, 120, 3000],
  inVain: null,
  ...over,
});
let made = 0;
const flight = (over: Partial<Flight> = {}): Flight => {
  made += 1;
  return {
    jobId: `job${made}`,
    attemptId: `attempt${made}`,
    endpointId: 'gpu',
    sentAt: NOW - 2000,
    isAccepted: true,
    isRunning: false,
    warmUp: false,
    duplicates: [],
    ...over,
  };
};
const running = () => flight({ isRunning: true });
const sent = (flights: Flight[], over: Partial<BalancingFacts> = {}, now = NOW) =>
  duplicatesToSend(flights, facts(over), now).orders.map(({ count }) => count);

describe('which attempts are sent again', () => {
  const many = Array.from({ length: maxDuplicates(4) }, (_, at) => ({ id: `d${at}`, sentAt: NOW - 1000 + at }));
  test.each<[string, Flight[], Partial<BalancingFacts>, number[]]>([
    ['one that waits while others run and replicas idle', [running(), flight()], {}, [1]],
    ['more often where only one idles', [running(), running(), running(), flight()], {}, [2]],
    ['no more of them than replicas may idle', [running(), running(), running(), flight(), flight()], {}, [2]],
    ['none where all replicas run something', [running(), running(), running(), running(), flight()], {}, []],
    ['none that has only just been sent', [running(), flight({ sentAt: NOW - 200 })], {}, []],
    [
      'one that has only just been sent where few replicas idle',
      [running(), running(), running(), flight({ sentAt: NOW })],
      {},
      [2],
    ],
    [
      'not again before its duplicate had time to start',
      [running(), running(), running(), flight({ duplicates: [{ id: 'd', sentAt: NOW - 200 }] })],
      {},
      [],
    ],
    [
      'none at once where starts are seen late',
      [running(), running(), running(), flight({ sentAt: NOW - 500 })],
      { startTimes: [500, 500] },
      [],
    ],
    [
      'none that nobody has answered: its request may be held for a GPU that starts',
      [running(), flight({ isAccepted: false })],
      {},
      [],
    ],
    ['no warm-up', [running(), flight({ warmUp: true })], {}, []],
    ['none where nothing has run for long', [flight()], { ranAt: NOW - 120_000 }, []],
    ['none where nothing was ever seen to run', [flight()], { ranAt: null }, []],
    ['none where duplicates have wasted too much', [running(), flight()], { wastedMs: 2300 }, []],
    ['some where they have wasted little', [running(), flight()], { wastedMs: 2100 }, [1]],
    ['none where the circuit is open', [running(), flight()], { isOpen: false }, []],
    ['none with one replica', [flight()], { replicas: 1 }, []],
    [
      'none of which the last duplicate may be about to start',
      [running(), flight({ duplicates: [{ id: 'd', sentAt: NOW - 100 }] })],
      {},
      [],
    ],
    ['no more than the most', [running(), flight({ duplicates: many.slice(1) })], {}, [1]],
    ['none beyond the most', [running(), flight({ duplicates: many })], {}, []],
    ['slow starts are waited for', [running(), flight()], { startTimes: [2500, 3000] }, []],
  ])('%s', (_, flights, over, expected) => {
    expect(sent(flights, over)).toEqual(expected);
  });

  test('those that have waited longest come first', () => {
    const [late, early] = [flight({ sentAt: NOW - 1000 }), flight({ sentAt: NOW - 5000 })];
    const { orders } = duplicatesToSend([running(), running(), running(), late, early], facts(), NOW);
    expect(orders.map((one) => one.flight)).toEqual([early]);
  });

  test('when all duplicates were in vain, no more replicas than those that run are believed in for a while', () => {
    const stuck = [running(), running(), flight({ duplicates: many })];
    const { orders, inVain } = duplicatesToSend([...stuck, flight()], facts(), NOW);
    expect([orders, inVain]).toEqual([[], { at: NOW, running: 2 }]);
    const [later, waits] = [NOW + 4000, flight({ sentAt: NOW })];
    expect(sent([running(), running(), waits], { inVain }, later)).toEqual([]);
    expect(sent([running(), waits], { inVain }, later), 'one of the two has ended: its replica is free').toEqual([2]);
    expect(sent([running(), running(), running(), waits], { inVain }, later), 'a third one is up').toEqual([2]);
    expect(sent([running(), running(), waits], { inVain }, NOW + BALANCING.inVainMs)).toEqual([1]);
  });

  test('now and then one more looks for a replica that has come up, in the place of the oldest', () => {
    const stuck = flight({ sentAt: NOW - 20_000, duplicates: many });
    const then = NOW + BALANCING.exploreEveryMs;
    const { orders } = duplicatesToSend([running(), stuck, flight()], facts(), then);
    expect(orders).toEqual([{ flight: stuck, count: 1, replaces: 'd0' }]);
  });
});

test('the usual start is that of the faster quarter, within limits', () => {
  expect(startDelayMs([])).toBe(BALANCING.unknownDelayMs);
  expect(startDelayMs([4000, 5000, 9000, 9000])).toBe(BALANCING.maxDelayMs);
  expect(startDelayMs([10, 20])).toBe(BALANCING.minDelayMs);
  expect(startDelayMs([1000, 1000, 1000, 60_000])).toBe(1500);
});

describe('whatever happens', () => {
  const ago = fc.integer({ min: 0, max: 10_000 }).map((ms) => NOW - ms);
  const anyFlight = fc
    .record({
      sentAt: ago,
      isAccepted: fc.boolean(),
      isRunning: fc.boolean(),
      warmUp: fc.boolean(),
      duplicates: fc.array(fc.record({ id: fc.uuid(), sentAt: ago }), { maxLength: 24 }),
    })
    .map((over) => flight(over));
  const anyFacts = fc.record({
    replicas: fc.integer({ min: 0, max: 64 }),
    isOpen: fc.boolean(),
    ranMs: fc.integer({ min: 0, max: 1_000_000 }),
    wastedMs: fc.integer({ min: 0, max: 30_000 }),
    ranAt: fc.option(ago),
    startTimes: fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 20 }),
    inVain: fc.option(fc.record({ at: ago, running: fc.integer({ min: 0, max: 64 }) })),
  });

  test('an attempt never has more live duplicates than the most, and nothing is sent while no replica can be idle', () => {
    fc.assert(
      fc.property(fc.array(anyFlight, { maxLength: 40 }), anyFacts, (flights, given) => {
        const { orders } = duplicatesToSend(flights, given, NOW);
        const busy = flights.filter(({ isRunning }) => isRunning).length;
        expect(orders.length).toBeLessThanOrEqual(Math.max(0, given.replicas - busy));
        for (const { flight: one, count, replaces } of orders) {
          expect(count).toBeGreaterThan(0);
          const live = one.duplicates.length - (replaces === null ? 0 : 1) + count;
          expect(live).toBeLessThanOrEqual(Math.max(maxDuplicates(given.replicas), one.duplicates.length));
          expect([one.isRunning, one.warmUp, one.isAccepted, given.isOpen]).toEqual([false, false, true, true]);
        }
        expect(new Set(orders.map((one) => one.flight.attemptId)).size).toBe(orders.length);
      }),
    );
  });
});
