import { afterAll, beforeAll, expect, test } from 'vitest';
import { TIMINGS } from '../../timings.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

let product: ProductUnderTest;
let anna: TestPerson;
let copies = 0;
let open = (): void => undefined;
const gate = new Promise<void>((resolve) => {
  open = resolve;
});

beforeAll(async () => {
  product = await productUnderTest({
    fleet: { version: '0.33.0', replicas: 1, pace: 0.02 },
    arrange: (deps) => ({
      ...deps,
      gallery: {
        ...deps.gallery,
        async importFile(...file) {
          // Not the first: a run is followed from the look after the worker's answer on.
          copies += 1;
          if (copies > 2) await gate;
          return deps.gallery.importFile(...file);
        },
      },
    }),
  });
  anna = await product.participant('Anna');
});
afterAll(() => product.stop());

test('files that came while another was copied belong to the job, although its run has ended meanwhile', async () => {
  const node = (class_type: string, inputs: Record<string, unknown>) => ({ class_type, inputs });
  const { id } = await anna.api.jobs.submit.mutate({
    prompt: {
      1: node('EmptyImage', { width: 64, height: 64, batch_size: 1, color: 3 }),
      2: node('FakeSeries', { images: ['1', 0], filename_prefix: 'row', count: 6, seconds: 10 }),
    },
  });
  const endedAt = await until('the end of the run', async () => {
    const { replicas } = await product.fleet().control.state();
    return replicas.some(({ executed }) => executed.length > 0) && Date.now();
  });
  const received = endedAt + 2 * TIMINGS.asking.maxPauseMs;
  await until(
    'its end to be known for longer than any quiet time',
    () => Date.now() > received + 2 * TIMINGS.endQuietMs,
  );
  open();
  const job = await until('the end of the job', async () => {
    const now = await anna.api.jobs.get.query({ id });
    return now.endedAt !== null && now;
  });
  expect([job.status, job.results.length]).toEqual(['completed', 6]);
});
