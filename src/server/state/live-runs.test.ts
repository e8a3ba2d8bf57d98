import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RunMessage } from '#src/ports/worker.ts';
import { createLiveRuns } from './live-runs.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const JOB = { id: 'j', userId: 'anna' };
const OWN = new Map([['3', { label: 'KSampler', classType: 'KSampler' }]]);
const step = (value: number): Exclude<RunMessage, { type: 'ended' }> => ({
  type: 'step',
  promptId: 'p',
  nodeId: '3',
  value,
  max: 20,
});
const preview = (nodeId: string, bytes = 10): Exclude<RunMessage, { type: 'ended' }> => ({
  type: 'preview',
  promptId: 'p',
  nodeId,
  picture: { mime: 'image/png', bytes: new Uint8Array(bytes) },
});

function stage() {
  const announce = vi.fn();
  const show = vi.fn();
  const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const runs = createLiveRuns({
    jobs: { nodesOf: async () => OWN },
    bus: { announce },
    livePreviews: { show },
    clock: { now: () => Date.now() },
    log,
  });
  return { runs, announce, show };
}

test('news of a run come five times a second at most, the last of them; of a preview alone there are none', async () => {
  const { runs, announce } = stage();
  for (let value = 1; value <= 10; value++) {
    runs.take(JOB, step(value));
    await vi.advanceTimersByTimeAsync(50);
  }
  await vi.advanceTimersByTimeAsync(500);
  const values = announce.mock.calls.map(([{ run }]) => run.step.value);
  expect([values.length, values.at(-1)]).toEqual([3, 10]);
  runs.take(JOB, preview('3'));
  await vi.advanceTimersByTimeAsync(2000);
  expect(announce).toHaveBeenCalledTimes(3);
  runs.end('j');
  expect(runs.of('j')).toBeNull();
});

test('previews: two a second, the newest, of nodes of the graph, and none that is too large', async () => {
  const { runs, show } = stage();
  for (let at = 0; at < 20; at++) {
    runs.take(JOB, preview('3', at + 1));
    await vi.advanceTimersByTimeAsync(50);
  }
  await vi.advanceTimersByTimeAsync(500);
  expect(show.mock.calls.map(([, { bytes }]) => bytes.length)).toEqual([4, expect.any(Number), 20]);
  expect(show.mock.calls[0]).toEqual(['j', { nodeId: '3', mime: 'image/png', bytes: new Uint8Array(4) }]);
  runs.take(JOB, preview('_start'));
  runs.take(JOB, preview('3', 100_001));
  await vi.advanceTimersByTimeAsync(1000);
  expect(show).toHaveBeenCalledTimes(3);
});
