import { expect, test } from 'vitest';
import { createModelNames } from './model-names.ts';

const file = { folder: 'vae', name: 'a.safetensors', bytes: 1 };

test.each([
  ['all of them', async () => ({ dir: '/m', files: [file], more: false }), [file]],
  ['a folder that is not there', async () => ({ dir: '/m', files: null, more: false }), null],
  ['more than can be listed', async () => ({ dir: '/m', files: [file], more: true }), null],
  ['a share that does not answer', () => Promise.reject(new Error('silent')), null],
])('%s', async (_, list, seen) => {
  expect(await createModelNames({ modelFolder: { list }, clock: { now: () => 0 } }).seen()).toEqual(seen);
});

test('once in ten seconds, however many ask', async () => {
  const time = { now: 0 };
  let read = 0;
  const list = async () => {
    read += 1;
    return { dir: '/m', files: [file], more: false };
  };
  const names = createModelNames({ modelFolder: { list }, clock: { now: () => time.now } });
  await Promise.all([names.seen(), names.seen()]);
  expect(read).toBe(1);
  time.now = 10_000;
  await names.seen();
  expect(read).toBe(2);
});
