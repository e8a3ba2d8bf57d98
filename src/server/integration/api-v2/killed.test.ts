import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiV2Program } from '../testing/api-v2-program.ts';
import { comfySdk } from '../testing/comfy-sdk.ts';
import { picture } from '../testing/graphs.ts';
import { type KillableProduct, killableProduct } from '../testing/killable-product.ts';
import { OPERATOR, signIn } from '../testing/product-under-test.ts';
import { visitor } from '../testing/visitor.ts';

let product: KillableProduct;
beforeAll(async () => {
  product = await killableProduct();
});
afterAll(() => product.stop());

test('killed while jobs run: each ends once, and its Idempotency-Key still stands for it', async () => {
  const { url, fleet } = product;
  const ada = visitor(url);
  await signIn(ada, OPERATOR);
  const program = await apiV2Program({ url }, ada);
  await fleet.setFaults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });
  const comfy = comfySdk(url, program.token);
  const body = { workflow: picture() };
  const key = { 'idempotency-key': 'kept' };
  const first = await program.post(body, key);
  const id = String(first.body.id);
  const job = await comfy.submit(comfy.workflows.fromJson(picture()));
  await expect.poll(async () => (await program.get(id)).status).toBe('running');

  await product.killAndStart();
  await fleet.setFaults({ nodes: [] });
  const again = await program.post(body, key);
  expect([again.status, again.body.id, again.headers.get('idempotency-replayed')]).toEqual([201, id, 'true']);
  expect((await program.post({ workflow: picture() }, key)).status).toBe(422);
  expect((await job.wait()).outputs).toHaveLength(1);
  expect((await program.ended(id)).outputs).toHaveLength(1);
});
