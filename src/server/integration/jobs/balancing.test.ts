import { afterEach, expect, test } from 'vitest';
import type { Deps } from '../../process/deps.ts';
import { type ProductUnderTest, productUnderTest } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

const REPLICAS = 4;
const node = (class_type: string, inputs: Record<string, unknown>) => ({ class_type, inputs });
let made = 0;
const slow = (seconds: number) => {
  made += 1;
  return {
    1: node('EmptyImage', { width: 32, height: 32, batch_size: 1, color: made }),
    2: node('FakeSlow', { value: ['1', 0], seconds }),
    9: node('SaveImage', { images: ['2', 0], filename_prefix: 'balanced' }),
  };
};

let product: ProductUnderTest | null = null;
afterEach(async () => product?.stop());

async function start() {
  let deps: Deps | undefined;
  const started = await productUnderTest({
    fleet: { replicas: REPLICAS, pace: 1 },
    arrange: (given) => {
      deps = given;
      return given;
    },
  });
  product = started;
  if (!deps) throw new Error('The product was never started.');
  await started.operator.api.admin.settings.change.mutate({ inFlightCap: 20 });
  const [ada] = await started.participants(['Ada']);
  if (!ada) throw new Error('There is no Ada.');
  const { duplicates } = deps;
  const job = (id: string) => ada.api.jobs.get.query({ id });
  return {
    product: started,
    ada,
    job,
    submit: async (seconds: number) => (await ada.api.jobs.submit.mutate({ prompt: slow(seconds) })).id,
    ended: (id: string) => until(`the end of ${id}`, async () => (await job(id)).endedAt !== null, 60_000),
    sent: async () => [...(await duplicates.figures(0, Date.now())).values()].reduce((sum, one) => sum + one.sent, 0),
    waiting: async () => (await duplicates.flights()).flatMap((flight) => flight.duplicates).length,
    replicas: async () => (await started.fleet().control.state()).replicas,
  };
}

test('jobs that wait behind others are sent again while a replica idles; each is delivered once, and nothing of the rest stays', async () => {
  const stage = await start();
  const ids = await Promise.all(Array.from({ length: 24 }, () => stage.submit(0.8)));
  for (const id of ids) await stage.ended(id);
  const jobs = await Promise.all(ids.map(stage.job));
  expect(jobs.map(({ status, results }) => [status, results.length])).toEqual(ids.map(() => ['completed', 1]));
  expect(await stage.product.filesOf(stage.ada)).toHaveLength(ids.length);
  expect(await stage.sent(), 'a balancer at random does not spread 24 jobs evenly').toBeGreaterThan(0);
  expect(await stage.waiting()).toBe(0);
  await until('empty replicas', async () =>
    (await stage.replicas()).every(({ running, pending }) => running === null && pending.length === 0),
  );
  const tries = await Promise.all(ids.map((id) => stage.product.operator.api.admin.queue.story.query({ id })));
  expect(tries.every(({ attempts }) => attempts.length === 1)).toBe(true);
  const [use] = await stage.product.operator.api.admin.endpoints.use.query();
  expect(use?.duplicates.sent).toBe(tries.reduce((sum, { duplicates }) => sum + duplicates.sent, 0));
  expect(stage.product.wentWrong()).toEqual([]);
});

test('a cancelled job takes its duplicates along', async () => {
  const stage = await start();
  const ids = await Promise.all(Array.from({ length: REPLICAS }, () => stage.submit(30)));
  await until(
    'a duplicate or an even spread',
    async () => {
      const statuses = await Promise.all(ids.map(async (id) => (await stage.job(id)).status));
      return statuses.every((status) => status === 'running');
    },
    60_000,
  );
  for (const id of ids) await stage.ada.api.jobs.cancel.mutate({ id });
  await until(
    'empty replicas',
    async () => (await stage.replicas()).every(({ running, pending }) => running === null && pending.length === 0),
    60_000,
  );
  expect(await stage.waiting()).toBe(0);
  expect(stage.product.wentWrong()).toEqual([]);
});

test('where balancing is off, nothing is sent twice', async () => {
  const stage = await start();
  await stage.product.operator.api.admin.settings.change.mutate({ balancing: false });
  const ids = await Promise.all(Array.from({ length: 8 }, () => stage.submit(0.5)));
  for (const id of ids) await stage.ended(id);
  expect(await stage.sent()).toBe(0);
});
