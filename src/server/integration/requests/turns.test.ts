import { expect, test } from 'vitest';
import { createTurns } from '../../http/turns.ts';
import { until } from '../testing/until.ts';

test('few of one person run, the next begins when one ends, and others do not wait for them', async () => {
  const turns = createTurns(2);
  const began: number[] = [];
  const ends: (() => void)[] = [];
  for (let n = 0; n < 5; n += 1)
    void turns('anna').then((end) => {
      began.push(n);
      ends.push(end);
    });
  await (await turns('ben'))();
  expect(began).toEqual([0, 1]);
  ends[0]?.();
  // Ending twice is ending once.
  ends[0]?.();
  await until('the third', () => began.length === 3);
  ends[1]?.();
  ends[2]?.();
  await until('all', () => began.length === 5);
  for (const end of ends) end();
  expect(await turns('anna')).toBeTypeOf('function');
});

test('more than can wait are told to come back', async () => {
  const turns = createTurns(1);
  await turns('anna');
  const line = Array.from({ length: 1001 }, () => turns('anna'));
  await expect(line.at(-1)).rejects.toMatchObject({ code: 'too_many_attempts', retryAfterSeconds: 5 });
  await turns('ben');
});
