import { readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { TIMINGS } from '../../timings.ts';
import { picture } from '../testing/graphs.ts';
import { productUnderTest } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

test('a late file whose format proves nothing arrives when it was quiet, not only at the next look at old folders', async () => {
  let aheadMs = 0;
  const clock = { now: () => Date.now() + aheadMs };
  const lateEveryMs = 5 * 60_000;
  const product = await productUnderTest({
    arrange: (deps) => ({ ...deps, clock, timings: { ...TIMINGS, quietMs: 300, lateEveryMs } }),
  });
  try {
    const ada = await product.participant('Ada');
    const { id } = await ada.api.jobs.submit.mutate({ prompt: picture({ prefix: 'first' }) });
    const job = () => ada.api.jobs.get.query({ id });
    await until('the end of the job', async () => (await job()).status === 'completed');
    const outputs = join(product.folders.sfs, 'outputs');
    const written = (await readdir(outputs, { recursive: true })).find((path) => basename(path).startsWith('first'));
    if (written === undefined) throw new Error('The job’s folder is not there.');
    await writeFile(join(outputs, dirname(written), 'scene.obj'), 'v 0 0 0\n');
    aheadMs = lateEveryMs;
    const names = await until('the late file', async () => {
      const { results } = await job();
      return results.length === 2 && results.map(({ filename }) => filename);
    });
    expect(names).toContainEqual(expect.stringMatching(/obj$/));
  } finally {
    await product.stop();
  }
});
