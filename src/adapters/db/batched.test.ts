import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batched } from './batched.ts';

describe('calls in batches', () => {
  test('what comes together, or while a batch is written, is written together, and no batch is larger than it may be', async () => {
    const batches: number[][] = [];
    const finish: (() => void)[] = [];
    const add = batched<number, number>(async (items) => {
      batches.push([...items]);
      await new Promise<void>((resolve) => finish.push(resolve));
      return items.map((item) => item * 10);
    }, 3);
    const answers = [0, 1].map(add);
    await expect.poll(() => batches.length).toBe(1);
    answers.push(...[2, 3, 4, 5].map(add));
    for (const written of [2, 3]) {
      finish.shift()?.();
      await expect.poll(() => batches.length).toBe(written);
    }
    finish.shift()?.();
    expect(await Promise.all(answers)).toEqual([0, 10, 20, 30, 40, 50]);
    expect(batches).toEqual([[0, 1], [2, 3, 4], [5]]);
  });

  test('what may wait joins the next batch, and has one of its own when none comes', async () => {
    const batches: number[][] = [];
    const add = batched<number, number>(async (items) => {
      batches.push([...items]);
      return items;
    });
    expect(await Promise.all([add.within(60_000, 1), add.within(60_000, 2), add(3)])).toEqual([1, 2, 3]);
    expect(await Promise.all([add.within(1, 4), add.within(60_000, 5)])).toEqual([4, 5]);
    expect(batches).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
  });

  test('items of different callbacks of one turn of the event loop share a batch', async () => {
    const batches: number[][] = [];
    const add = batched<number, number>(async (items) => {
      batches.push([...items]);
      return items;
    }, 64);
    const answers: Promise<number>[] = [];
    for (const n of [0, 1, 2]) setImmediate(() => answers.push(add(n)));
    await expect.poll(() => answers.length).toBe(3);
    await Promise.all(answers);
    expect(batches).toEqual([[0, 1, 2]]);
  });

  test('each caller gets the answer to its own item, and only those that cannot be written fail', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ bad: fc.boolean(), wave: fc.nat(3) }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 8 }),
        async (items, most) => {
          const written: number[] = [];
          const add = batched<number, string>(async (batch) => {
            await Promise.resolve();
            const bad = batch.find((n) => items[n]?.bad);
            if (bad !== undefined) throw new Error(`bad ${bad}`);
            written.push(...batch);
            return batch.map((n) => `done ${n}`);
          }, most);
          const answers = await Promise.all(
            items.map(async ({ wave }, n) => {
              for (let turn = 0; turn < wave; turn += 1) await Promise.resolve();
              return add(n).catch((error: Error) => error.message);
            }),
          );
          expect(answers).toEqual(items.map(({ bad }, n) => `${bad ? 'bad' : 'done'} ${n}`));
          expect([...written].sort((a, b) => a - b)).toEqual(items.flatMap(({ bad }, n) => (bad ? [] : [n])));
        },
      ),
    );
  });
});
