import { describe, expect, test } from 'vitest';
import { type Life, nextWarmUp, warmStateOf } from './warm-up.ts';

const STAYS = 1000;
const ran = (from: number, to: number): Life => ({ sentAt: from - 10, startedAt: from, endedAt: to });
const runs = (from: number): Life => ({ sentAt: from - 10, startedAt: from, endedAt: null });
const sent = (at: number): Life => ({ sentAt: at, startedAt: null, endedAt: null });

describe('warmth', () => {
  test.each<[string, Life[], number, ReturnType<typeof warmStateOf>]>([
    ['nothing ever ran', [], 5000, { state: 'unknown' }],
    ['the first job is on its way', [sent(4000), sent(4500)], 5000, { state: 'warming', since: 4000 }],
    ['it runs', [runs(4000)], 5000, { state: 'warm', since: 4000, lastLife: 5000 }],
    ['it ran lately', [ran(3000, 4500)], 5000, { state: 'warm', since: 3000, lastLife: 4500 }],
    ['it ran long ago', [ran(3000, 4000)], 5000, { state: 'cold', lastLife: 4000 }],
    ['cold, and something is on its way', [sent(4900), ran(3000, 3500)], 5000, { state: 'warming', since: 4900 }],
    [
      'one after the other without a long rest',
      [runs(4500), ran(3200, 3600), ran(2000, 2500), ran(100, 900)],
      5000,
      { state: 'warm', since: 2000, lastLife: 5000 },
    ],
    [
      'a long one spans the short ones after it',
      [ran(4600, 4700), ran(1000, 4500)],
      5000,
      { state: 'warm', since: 1000, lastLife: 4700 },
    ],
  ])('%s', (_, lives, now, expected) => {
    expect(warmStateOf(lives, now, STAYS)).toEqual(expected);
  });
});

describe('the next warm-up', () => {
  test.each<[string, Life[], number | null, number | null]>([
    ['at once where nothing ran yet', [], null, 5000],
    ['none while something runs', [runs(4000)], null, null],
    ['none while something is on its way', [sent(4000)], null, null],
    ['before what ran last has been over for too long', [ran(4000, 4700)], null, 5500],
    ['at once when that is past', [ran(2000, 3000)], null, 5000],
    ['not again at once when the last one came to nothing', [ran(2000, 3000)], 4900, 5700],
  ])('%s', (_, lives, lastTry, expected) => {
    expect(nextWarmUp(lives, lastTry, 5000, STAYS)).toBe(expected);
  });
});
