import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDrafts } from './drafts.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'drafts-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const put = async (name: string, ageMs = 0): Promise<void> => {
  await writeFile(join(dir, name), 'half');
  const at = (Date.now() - ageMs) / 1000;
  await utimes(join(dir, name), at, at);
};
const HOUR = 3_600_000;
const here = hostname();
/** Of a process that has ended. */
const dead = spawnSync(process.execPath, ['-e', '']).pid;

test('a process keeps its own drafts and those of others that may be alive', async () => {
  const draft = createDrafts(dir);
  await writeFile(draft('a'), 'half');
  await put(`${here}~${process.ppid}~other~b`);
  await put(`${here}~${process.ppid}~other~old`, 25 * HOUR);
  await put(`elsewhere~${dead}~other~c`, 23 * HOUR);
  await put('of-an-earlier-version', 23 * HOUR);
  createDrafts(dir);
  expect((await readdir(dir)).sort()).toEqual(
    [
      basename(draft('a')),
      `${here}~${process.ppid}~other~b`,
      `${here}~${process.ppid}~other~old`,
      `elsewhere~${dead}~other~c`,
      'of-an-earlier-version',
    ].sort(),
  );
});

test('what processes that are gone have left goes, and what is a day old', async () => {
  await put(`${here}~${dead}~other~a`);
  // In a container, the process before had the same number.
  await put(`${here}~${process.pid}~other~b`);
  await put(`elsewhere~1~other~c`, 25 * HOUR);
  await put('of-an-earlier-version', 25 * HOUR);
  await mkdir(join(dir, `${here}~${dead}~other~folder`, 'deep'), { recursive: true });
  createDrafts(dir);
  expect(await readdir(dir)).toEqual([]);
});

test('the same name is the same draft, so that what is tried again takes no more room', () => {
  const draft = createDrafts(dir);
  expect(draft('a')).toBe(createDrafts(dir)('a'));
  expect(draft('a')).not.toBe(draft('b'));
});
