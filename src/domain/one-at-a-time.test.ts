import fc from 'fast-check';
import { expect, test } from 'vitest';
import { oneAtATime, shared } from './one-at-a-time.ts';

test('tasks of one key run in turn and never together, those of others do not wait; each gets its own answer', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c'), fails: fc.boolean() }), {
        minLength: 1,
        maxLength: 20,
      }),
      async (scheduler, tasks) => {
        const inTurn = oneAtATime();
        const running = new Set<string>();
        const order = new Map<string, number[]>();
        const answers = tasks.map(({ key, fails }, index) =>
          inTurn(key, async () => {
            expect(running).not.toContain(key);
            running.add(key);
            order.set(key, [...(order.get(key) ?? []), index]);
            await scheduler.schedule(Promise.resolve());
            running.delete(key);
            if (fails) throw new Error(`failed ${index}`);
            return index;
          }),
        );
        const settled = Promise.allSettled(answers);
        await scheduler.waitFor(settled);
        expect(await settled).toMatchObject(
          tasks.map(({ fails }, index) =>
            fails
              ? { status: 'rejected', reason: { message: `failed ${index}` } }
              : { status: 'fulfilled', value: index },
          ),
        );
        for (const indices of order.values()) expect(indices).toEqual([...indices].sort((a, b) => a - b));
      },
    ),
  );
});

test('a key that waits holds up nobody else', async () => {
  const inTurn = oneAtATime();
  let release = (): void => undefined;
  const slow = inTurn('slow', () => new Promise<string>((resolve) => (release = () => resolve('slow'))));
  const behind = inTurn('slow', async () => 'behind');
  expect(await inTurn('other', async () => 'other')).toBe('other');
  release();
  expect(await Promise.all([slow, behind])).toEqual(['slow', 'behind']);
});

test('what is shared runs once for all who ask meanwhile, and again when it has ended or failed', async () => {
  let begun = 0;
  const ends: ((fails: boolean) => void)[] = [];
  const look = shared(() => {
    begun += 1;
    const mine = begun;
    return new Promise<number>((resolve, reject) =>
      ends.push((fails) => (fails ? reject(new Error('no')) : resolve(mine))),
    );
  });
  const both = Promise.allSettled([look(), look()]);
  ends[0]?.(true);
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const again = look();
  ends[1]?.(false);
  expect([await again, begun]).toEqual([2, 2]);
});
