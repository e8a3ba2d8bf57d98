import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadPart } from './load-part.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a part that comes is loaded once', async () => {
  const load = vi.fn(async () => 'dialog');
  await expect(loadPart(load)).resolves.toBe('dialog');
  expect(load).toHaveBeenCalledOnce();
});

test('one that did not come while the server was away is asked for again', async () => {
  const load = vi.fn(async () => 'dialog');
  for (let time = 0; time < 3; time++) load.mockRejectedValueOnce(new Error('ChunkLoadError'));
  const loaded = loadPart(load);
  await vi.runAllTimersAsync();
  await expect(loaded).resolves.toBe('dialog');
  expect(load).toHaveBeenCalledTimes(4);
});

test('one that never comes is a failure after about a minute, and not asked for any more', async () => {
  const load = vi.fn(() => Promise.reject(new Error('ChunkLoadError')));
  const failed = expect(loadPart(load)).rejects.toThrow('ChunkLoadError');
  await vi.advanceTimersByTimeAsync(61_000);
  await failed;
  const asked = load.mock.calls.length;
  await vi.advanceTimersByTimeAsync(600_000);
  expect(load).toHaveBeenCalledTimes(asked);
});
