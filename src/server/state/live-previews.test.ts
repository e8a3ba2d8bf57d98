import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Preview } from '#src/ports/live-runs.ts';
import { createLivePreviews } from './live-previews.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const picture = (nodeId: string, bytes = 7500): Preview => ({
  nodeId,
  mime: 'image/png',
  bytes: new Uint8Array(bytes),
});

/** Looks at a job, and notes which pictures come. */
function stage() {
  const previews = createLivePreviews({ clock: { now: () => Date.now() } });
  function look(userId: string, jobId: string, unreadBytes = () => 0) {
    const end = new AbortController();
    const seen: string[] = [];
    const looking = (async () => {
      for await (const { nodeId } of previews.watch({ userId, unreadBytes }, jobId, end.signal)) seen.push(nodeId);
    })();
    return {
      seen,
      async close() {
        end.abort();
        await looking;
      },
    };
  }
  return { previews, look, settle: () => vi.advanceTimersByTimeAsync(0) };
}

test('whoever looks at a job gets its pictures, and no others', async () => {
  const { previews, look, settle } = stage();
  const [anna, ben] = [look('anna', 'j1'), look('ben', 'j2')];
  previews.show('j1', picture('3'));
  await settle();
  expect([anna.seen, ben.seen]).toEqual([['3'], []]);
  await Promise.all([anna.close(), ben.close()]);
  previews.show('j1', picture('4'));
  expect(anna.seen).toEqual(['3']);
});

test('one person gets 100 KB a second on all screens, as text, and the newest picture of each job', async () => {
  const { previews, look, settle } = stage();
  const [here, there, ben] = [look('anna', 'j1'), look('anna', 'j2'), look('ben', 'j1')];
  previews.show('j1', picture('a', 75_000));
  await settle();
  for (const name of ['b', 'c', 'd']) previews.show('j1', picture(name, 75_000));
  previews.show('j2', picture('e', 75_000));
  await vi.advanceTimersByTimeAsync(999);
  expect([here.seen, there.seen, ben.seen]).toEqual([['a'], [], ['a']]);
  await vi.advanceTimersByTimeAsync(1);
  expect([...here.seen, ...there.seen]).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1000);
  expect([here.seen, there.seen, ben.seen]).toEqual([['a', 'd'], ['e'], ['a', 'd']]);
  await Promise.all([here.close(), there.close(), ben.close()]);
});

test('a line that is slow gets the next picture once it has taken what came before', async () => {
  const { previews, look } = stage();
  let unread = 10;
  const anna = look('anna', 'j1', () => unread);
  for (const name of ['a', 'b']) previews.show('j1', picture(name));
  await vi.advanceTimersByTimeAsync(5000);
  expect(anna.seen).toEqual([]);
  unread = 0;
  await vi.advanceTimersByTimeAsync(250);
  expect(anna.seen).toEqual(['b']);
  await anna.close();
});
