import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { throttle } from './throttle.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('the first call acts at once', () => {
  const act = vi.fn();
  throttle(act, 250)();
  expect(act).toHaveBeenCalledTimes(1);
});

test('a burst ends in one more call, after the pause', () => {
  const act = vi.fn();
  const call = throttle(act, 250);
  for (let i = 0; i < 10; i += 1) call();
  expect(act).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(249);
  expect(act).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(act).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(10_000);
  expect(act).toHaveBeenCalledTimes(2);
});

test('after a quiet time it acts at once again', () => {
  const act = vi.fn();
  const call = throttle(act, 250);
  call();
  vi.advanceTimersByTime(250);
  call();
  expect(act).toHaveBeenCalledTimes(2);
});
