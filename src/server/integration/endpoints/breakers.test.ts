import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBreakers } from '../../state/circuit-breakers.ts';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

const REST_MS = 600_000;

let product: ProductUnderTest;
beforeAll(async () => {
  product = await productUnderTest({
    fleet: { replicas: 1 },
    arrange: (deps) => ({
      ...deps,
      breakers: createBreakers(deps, { firstMs: REST_MS, maxMs: REST_MS }),
    }),
  });
});
afterAll(() => product.stop());

const endpoint = async () => {
  const [found] = await product.operator.api.admin.endpoints.list.query();
  if (!found) throw new Error('There is an endpoint.');
  return found;
};
const restart = async () => {
  await product.pause();
  await product.resume();
};

test('what cools down or is closed does so after a restart too, until an operator opens it', async () => {
  const anna = await product.participant('Anna');
  const { endpoints, queue } = product.operator.api.admin;
  await product.fleet().control.setFaults({ refuseConnections: true });
  await anna.api.jobs.submit.mutate({ prompt: picture() });
  await until('it to rest', async () => (await endpoint()).restsUntil !== null);
  await queue.pause.mutate({});
  await until('the job to wait', async () => (await queue.state.query()).inFlight === 0);
  const { id, restsUntil } = await endpoint();
  await restart();
  expect((await endpoint()).restsUntil).toBe(restsUntil);

  const { closedUntil } = await endpoints.close.mutate({ id, minutes: 30 });
  await restart();
  // What operators did may have been deleted from the audit log by then.
  expect(await endpoint()).toMatchObject({ restsUntil: expect.any(String), closedUntil });

  await endpoints.open.mutate({ id });
  await restart();
  expect(await endpoint()).toMatchObject({ restsUntil: null, closedUntil: null });
});
