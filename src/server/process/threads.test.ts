import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { THREADS } from './threads.ts';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

test('threads are left for our own disks when all else is busy', () => {
  const { pool, ...kinds } = THREADS;
  const held = Object.values(kinds).reduce((sum, threads) => sum + threads, 0);
  expect(pool - held).toBeGreaterThanOrEqual(4);
});

test.each([
  ['package.json', 'UV_THREADPOOL_SIZE=16 '],
  ['docker/Dockerfile', 'UV_THREADPOOL_SIZE=16'],
  ['scripts/dev.mjs', "UV_THREADPOOL_SIZE: '16'"],
])('%s starts with as many', (path, words) => {
  expect(words).toContain(String(THREADS.pool));
  expect(read(path)).toContain(words);
});
