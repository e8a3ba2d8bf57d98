import { expect, test } from 'vitest';
import { createTurns } from '../../http/turns.ts';
import { until } from '../testing/until.ts';

/** A call that lasts until it is ended. */
function calls(run: (call: () => Promise<void>) => Promise<void>) {
  const began: number[] = [];
  const ends: (() => void)[] = [];
  const done: Promise<void>[] = [];
  return {
    began,
    done,
    end: (n: number) => ends[n]?.(),
    start(n: number): void {
      done.push(
        run(async () => {
          began.push(n);
          await new Promise<void>((resolve) => {
            ends[n] = resolve;
          });
        }),
      );
    },
  };
}

test('few calls of one person run at a time, the next begins when one ends, and others do not wait for them', async () => {
  const turns = createTurns(2);
  const anna = calls((call) => turns('anna', call));
  for (let n = 0; n < 5; n += 1) anna.start(n);
  expect(await turns('ben', async () => 'ben')).toBe('ben');
  expect(anna.began).toEqual([0, 1]);
  anna.end(0);
  await until('the third', () => anna.began.length === 3);
  anna.end(1);
  anna.end(2);
  await until('all', () => anna.began.length === 5);
  anna.end(3);
  anna.end(4);
  await Promise.all(anna.done);
  expect(await turns('anna', async () => 'again')).toBe('again');
});

test('other people’s calls go between those of one person that wait', async () => {
  const turns = createTurns(1);
  const order: string[] = [];
  const all = ['anna 1', 'anna 2', 'anna 3'].map((name) => turns('anna', async () => void order.push(name)));
  // Arrives as a request does, by the event loop.
  const ben = new Promise<void>((resolve) => {
    setImmediate(() => resolve(turns('ben', async () => void order.push('ben'))));
  });
  await Promise.all([...all, ben]);
  expect(order.indexOf('ben')).toBeLessThan(3);
});

test('a call that fails, fails as it is, and the next one runs', async () => {
  const turns = createTurns(1);
  await expect(turns('anna', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await turns('anna', async () => 1)).toBe(1);
});

test('more calls than can wait are rejected, with the time after which to try again', async () => {
  const turns = createTurns(1);
  const anna = calls((call) => turns('anna', call));
  for (let n = 0; n < 1001; n += 1) anna.start(n);
  await expect(turns('anna', async () => undefined)).rejects.toMatchObject({
    code: 'too_many_attempts',
    retryAfterSeconds: 5,
  });
  await turns('ben', async () => undefined);
});
