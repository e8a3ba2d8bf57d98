import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLogQueue } from './log-queue.ts';

const seen = (message: string) => ({ level: 'error', message, page: '/' }) as const;

test('the same message is told once, with its count and its first time', () => {
  const queue = createLogQueue();
  queue.add(seen('step 1 failed'), 1000);
  queue.add(seen('step 2 failed'), 2000);
  queue.add(seen('another'), 3000);
  queue.add(seen('  '), 4000);
  expect(queue.take()).toMatchObject([
    { message: 'step 1 failed', count: 2, at: '1970-01-01T00:00:01.000Z' },
    { message: 'another', count: 1 },
  ]);
  expect(queue.take()).toEqual([]);
});

test('what could not be sent goes before what came since', () => {
  const queue = createLogQueue();
  queue.add(seen('first'), 1000);
  const taken = queue.take();
  queue.add(seen('second'), 2000);
  queue.add(seen('first'), 3000);
  queue.giveBack(taken);
  expect(queue.take()).toMatchObject([
    { message: 'first', count: 2 },
    { message: 'second', count: 1 },
  ]);
});

test('never more than 200 wait, never more than 50 go at once, and no count is lost of what is kept', () => {
  const word = fc.stringMatching(/^[g-z]{2,4}$/);
  fc.assert(
    fc.property(fc.array(word, { maxLength: 400 }), (words) => {
      const queue = createLogQueue();
      for (const each of words) queue.add(seen(each), 0);
      expect(queue.size()).toBeLessThanOrEqual(200);
      let told = 0;
      for (let batch = queue.take(); batch.length > 0; batch = queue.take()) {
        expect(batch.length).toBeLessThanOrEqual(50);
        for (const { count } of batch) told += count;
      }
      if (new Set(words).size <= 200) expect(told).toBe(words.length);
    }),
  );
});
