import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createReserve } from './reserve.ts';

test('room is kept, for the owner only, and released with what can be made again', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'comfyume-reserve-'));
  const thumbs = join(dir, 'thumbs');
  await mkdir(join(thumbs, '.unfinished'), { recursive: true });
  await mkdir(join(thumbs, 'inputs'));
  await writeFile(join(thumbs, 'a.webp'), 'x'.repeat(600));
  await writeFile(join(thumbs, 'inputs/b.webp'), 'x'.repeat(400));
  const reserve = createReserve(dir, thumbs);
  for (let n = 0; n < 2; n += 1) await reserve.keep();
  const { size, mode, blocks } = await stat(join(dir, 'reserve'));
  expect([size, mode & 0o777]).toEqual([8 * 1024 * 1024, 0o600]);
  expect(blocks * 512).toBeGreaterThanOrEqual(size);
  expect(await reserve.release()).toBe(size + 1000);
  expect(await reserve.release()).toBe(0);
  expect([await readdir(dir), await readdir(thumbs)]).toEqual([['thumbs'], ['.unfinished', 'inputs']]);
  await rm(dir, { recursive: true });
});
