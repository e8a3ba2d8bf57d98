import { describe, expect, test } from 'vitest';
import {
  isNew,
  keptWords,
  nextTime,
  proofOf,
  replicaWords,
  startsWords,
  suggestedEnd,
  warmStateWords,
} from './endpoint-words.ts';

const at = (text: string): string => new Date(`2026-11-23T${text}`).toISOString();
const now = Date.parse(at('12:00:00'));

test.each([
  [{ state: 'unknown', since: null, lastLife: null }, 'No jobs yet'],
  [{ state: 'warming', since: at('11:58:45'), lastLife: null }, 'Warming 1:15'],
  [{ state: 'warm', since: at('11:05:00'), lastLife: at('12:00:00') }, 'Warm since 11:05'],
  [{ state: 'cold', since: null, lastLife: at('11:48:00') }, 'Cold, last active 12 min ago'],
] as const)('%j', (warmth, words) => {
  expect(warmStateWords(warmth, now)).toBe(words);
});

const [early, late] = [at('11:00:00'), at('11:30:00')];
test.each([
  [null, null, 'untested'],
  [early, null, 'proven'],
  [null, { at: early, well: true }, 'proven'],
  [null, { at: early, well: false }, 'failed'],
  [early, { at: late, well: false }, 'failed'],
  [late, { at: early, well: false }, 'proven'],
] as const)('last activity %j, test %j: %s', (lastLife, tested, proof) => {
  expect(proofOf({ warmth: { lastLife }, tested })).toBe(proof);
});

test.each([
  [false, 'operator', null, true],
  [false, 'operator', { at: early, well: false }, true],
  [false, 'operator', { at: early, well: true }, false],
  [true, 'operator', null, false],
  [false, 'environment', null, false],
] as const)('enabled %s, of the %s, test %j: new is %s', (enabled, origin, tested, expected) => {
  expect(isNew({ enabled, origin, tested, warmth: { lastLife: null } })).toBe(expected);
});

test.each([
  [null, 'Kept warm until 17:00'],
  [at('12:02:10'), 'Kept warm until 17:00; next warm-up in 2:10'],
  [at('12:00:00'), 'Kept warm until 17:00; a warm-up is due'],
])('the next warm-up at %s', (next, words) => {
  expect(keptWords(at('17:00:00'), next, now)).toBe(words);
});

describe('starts', () => {
  const cold = (ms: number) => ({ ms, cold: true });
  const warm = (ms: number) => ({ ms, cold: false });
  test.each([
    [[], 'No jobs have started here yet.'],
    [[cold(130_000)], '1 cold start, about 2 min.'],
    [[warm(2000), warm(5000)], '2 warm starts, 2 s to 5 s.'],
    [[warm(2000), warm(2100)], '2 warm starts, 2 s.'],
    [
      [cold(120_000), cold(150_000), cold(200_000), warm(2000)],
      '3 cold starts, usually about 2 min to about 4 min; 1 warm start, 2 s.',
    ],
  ])('%j', (starts, words) => {
    expect(startsWords(starts)).toBe(words);
  });
});

test('a time of day is the next one', () => {
  const noon = new Date(2026, 10, 23, 12, 0);
  expect(nextTime('17:30', noon)).toEqual(new Date(2026, 10, 23, 17, 30));
  expect(nextTime('09:00', noon)).toEqual(new Date(2026, 10, 24, 9, 0));
  expect(nextTime('', noon)).toBeNull();
});

test.each([
  [2, 0, '04:00'],
  [9, 10, '11:30'],
  [22, 45, '01:00'],
])('at %i:%i keeping warm ends at %s', (hours, minutes, end) => {
  expect(suggestedEnd(new Date(2026, 10, 23, hours, minutes))).toBe(end);
});

test('replicas by their states', () => {
  expect(replicaWords({})).toBe('None');
  expect(replicaWords({ running: 2, image_pulling: 1, asleep: 1 })).toBe('2 running, 1 pulling the image, 1 asleep');
});
