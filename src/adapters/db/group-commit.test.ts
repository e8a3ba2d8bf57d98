import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupCommit } from './group-commit.ts';

describe('group commit', () => {
  test('what comes while a batch is written goes into the next, and no batch is larger than it may be', async () => {
    const batches: number[][] = [];
    const finish: (() => void)[] = [];
    const add = groupCommit<number, number>(async (items) => {
      batches.push([...items]);
      await new Promise<void>((resolve) => finish.push(resolve));
      return items.map((item) => item * 10);
    }, 3);
    const answers = [0, 1, 2, 3, 4, 5].map(add);
    for (const size of [1, 3, 2]) {
      expect(batches.at(-1)).toHaveLength(size);
      finish.shift()?.();
      await expect.poll(() => finish.length + Number(batches.flat().length === 6)).toBeGreaterThan(0);
    }
    expect(await Promise.all(answers)).toEqual([0, 10, 20, 30, 40, 50]);
    expect(batches).toEqual([[0], [1, 2, 3], [4, 5]]);
  });

  test('each caller gets the answer to its own item, and only those that cannot be written fail', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ bad: fc.boolean(), wave: fc.nat(3) }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 8 }),
        async (items, most) => {
          const written: number[] = [];
          const add = groupCommit<number, string>(async (batch) => {
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
