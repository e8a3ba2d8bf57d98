import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

let product: ProductUnderTest;
beforeAll(async () => {
  product = await productUnderTest({ fleet: { replicas: 2 } });
});
afterAll(() => product.stop());

test('a balancer that says 429 and then takes it: one attempt, also when we are restarted meanwhile', async () => {
  const prompt: unknown = JSON.parse(
    readFileSync(new URL('../../../domain/workflow/cases/refused-then-fine.json', import.meta.url), 'utf8'),
  );
  const [anna, ben] = await product.participants(['Anna', 'Ben']);
  if (!anna || !ben) throw new Error('Two participants should have been made.');
  const { id } = await anna.api.jobs.submit.mutate({ prompt });
  const endpoint = async () => (await product.operator.api.admin.endpoints.list.query())[0];
  await until('the endpoint to be busy', async () => (await endpoint())?.busyUntil);
  expect(await endpoint()).toMatchObject({ restsUntil: null, inFlight: 0 });
  await until('the job to wait', async () => (await anna.api.jobs.get.query({ id })).status === 'queued');
  await product.pause();
  await product.resume();
  const other = await ben.api.jobs.submit.mutate({ prompt: picture() });
  const ended = (who: typeof anna, jobId: string) =>
    until('the end of the job', async () => {
      const job = await who.api.jobs.get.query({ id: jobId });
      return job.endedAt !== null && job;
    });
  expect(await ended(anna, id)).toMatchObject({ status: 'completed', attempts: 1, results: [{ nodeId: '2' }] });
  expect(await ended(ben, other.id)).toMatchObject({ status: 'completed', attempts: 1 });
  expect((await product.operator.api.admin.queue.story.query({ id })).attempts).toMatchObject([{ number: 1 }]);
});
