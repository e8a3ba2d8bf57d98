import fc from 'fast-check';
import { expect, test } from 'vitest';
import { waitFor } from './platform-rate.ts';

test('whoever waits as long as told never sends more than the limit in any window', () => {
  const pauses = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 100 });
  fc.assert(
    fc.property(pauses, fc.integer({ min: 1, max: 10 }), (gaps, limit) => {
      const sent: number[] = [];
      let now = 0;
      for (const gap of gaps) {
        now += gap;
        now += waitFor(sent, limit, now, 1000);
        expect(waitFor(sent, limit, now, 1000)).toBe(0);
        sent.push(now);
      }
      for (const from of sent)
        expect(sent.filter((at) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(limit);
    }),
  );
});

test('nobody waits without need', () => expect(waitFor([1, 2, 3], 4, 5, 1000)).toBe(0));
