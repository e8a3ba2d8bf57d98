import { expect, test } from 'vitest';
import { bounded } from './bounded.ts';

const never = new Promise<number>(() => undefined);

test('work that ends in time, fails, or does not end', async () => {
  expect(await bounded(Promise.resolve(1), 1000)).toEqual({ type: 'got', value: 1 });
  expect(await bounded(Promise.reject(new Error('no')), 1000)).toEqual({ type: 'failed', code: 'no' });
  expect(await bounded(Promise.reject(Object.assign(new Error('no'), { code: 'EIO' })), 1000)).toEqual({
    type: 'failed',
    code: 'EIO',
  });
  expect(await bounded(never, 1)).toEqual({ type: 'silent' });
});

test('no time left', async () => {
  expect(await bounded(never, 0)).toEqual({ type: 'silent' });
  expect(await bounded(never, -5)).toEqual({ type: 'silent' });
});
