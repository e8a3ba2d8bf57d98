import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { picture } from './testing/graphs.ts';
import { type ProductUnderTest, productUnderTest } from './testing/product-under-test.ts';
import { until } from './testing/until.ts';
import type { Visitor } from './testing/visitor.ts';

const ended = (who: Visitor, id: string) =>
  until(`the end of job ${id}`, async () => {
    const job = await who.api.jobs.get.query({ id });
    return job.endedAt !== null && job;
  });

describe('the way of a job', { timeout: 60_000 }, () => {
  let product: ProductUnderTest;
  beforeAll(async () => {
    product = await productUnderTest();
  }, 60_000);
  afterAll(() => product.stop());

  test('from a graph to a picture', async () => {
    const anna = await product.participant('Anna');
    const feed = anna.listen();
    await feed.ready;
    const { id, status, position } = await anna.api.jobs.submit.mutate({ prompt: picture({ prefix: 'film/shot' }) });
    console.log(status, position);
    const job = await ended(anna, id);
    console.log(JSON.stringify(job), JSON.stringify(feed.heard), JSON.stringify(product.log));
    const [result] = job.results;
    const bytes = Buffer.from(await (await anna.fetch(result?.url ?? '')).arrayBuffer());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(result?.sha256);
    await feed.close();
  });
});
