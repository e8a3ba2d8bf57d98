import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ownFolder } from './folders.ts';

test('at start, what checks of killed processes left goes; one that may be under way stays', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'comfyume-folders-'));
  try {
    for (const name of ['.comfyume-check-left', '.comfyume-check-new', 'anna']) await writeFile(join(dir, name), '');
    for (const name of ['.comfyume-check-left', 'anna']) await utimes(join(dir, name), 1, 1);
    await ownFolder(dir, 'OUTPUTS_DIR');
    expect((await readdir(dir)).sort()).toEqual(['.comfyume-check-new', 'anna']);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
