import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ProductUnderTest, productUnderTest } from './testing/product-under-test.ts';
import { until } from './testing/until.ts';

describe('health', { timeout: 60_000 }, () => {
  let product: ProductUnderTest;
  beforeAll(async () => {
    product = await productUnderTest();
  }, 60_000);
  afterAll(() => product.stop());

  const ask = async (path: string) => {
    const response = await product.visitor().fetch(path);
    return { status: response.status, body: await response.json() };
  };
  const warnings = () => product.log.filter(({ level, facts }) => level !== 'info' && 'doThis' in facts);

  test('ready while all is well', async () => {
    expect(await ask('/readyz')).toEqual({ status: 200, body: { ok: true, faults: [] } });
    expect(await ask('/healthz')).toEqual({ status: 200, body: { ok: true } });
  });

  test('not ready without the share, alive all the same, and ready again once it is back', async () => {
    const { sfs } = product.folders;
    await rename(sfs, `${sfs}-away`);
    expect(await ask('/readyz')).toEqual({
      status: 503,
      body: { ok: false, faults: [`The shared file system cannot be read at ${join(sfs, 'outputs')}. (ENOENT)`] },
    });
    expect((await ask('/healthz')).status).toBe(200);
    await rename(`${sfs}-away`, sfs);
    expect((await ask('/readyz')).status).toBe(200);
  });

  test('what is wrong at a start is logged, and does not stop it', async () => {
    await product.pause();
    const { sfs } = product.folders;
    await rename(join(sfs, 'inputs'), join(sfs, 'inputs-away'));
    const [endpoint] = product.config.endpoints;
    if (!endpoint) throw new Error('There should be an endpoint.');
    const before = warnings().length;
    await product.resume({ endpoints: [{ ...endpoint, url: 'http://127.0.0.1:9' }] });
    expect((await ask('/readyz')).status).toBe(200);
    const found = await until('both findings', () => warnings().length >= before + 2 && warnings().slice(before));
    expect(found.map(({ level, message }) => [level, message])).toEqual([
      ['warn', `The folder ${join(sfs, 'inputs')} does not exist, so nobody can upload inputs.`],
      ['error', 'No connection to 127.0.0.1:9 (ECONNREFUSED).'],
    ]);
  });
});
