import type { Comfy } from '@comfyorg/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiV2Program, apiV2Program } from '../testing/api-v2-program.ts';
import { comfySdk } from '../testing/comfy-sdk.ts';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest } from '../testing/product-under-test.ts';

let product: ProductUnderTest;
let program: ApiV2Program;
let comfy: Comfy;

beforeAll(async () => {
  product = await productUnderTest({ config: { pollMs: 100 } });
  await product.operator.api.admin.settings.change.mutate({ inFlightCap: 10 });
  program = await apiV2Program(product, await product.participant('Ada'));
  comfy = comfySdk(product.url, program.token);
});
afterAll(() => product.stop());

const workflow = () => comfy.workflows.fromJson(picture());

test('submits, waits, and has the outputs of a node', async () => {
  const job = await comfy.run(workflow());
  expect(job.status).toBe('succeeded');
  expect(job.getOutputs('9').map(({ type, contentType, jobId }) => [type, contentType, jobId])).toEqual([
    ['image', 'image/png', job.id],
  ]);
});

test('a node that raises is a failure with its node', async () => {
  await product.fleet().control.setFaults({ nodes: [{ kind: 'outOfMemory', classType: 'ImageAddNoise', count: 1 }] });
  const error: unknown = await comfy.run(workflow()).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'JobFailed', error: { code: 'node_execution_error', node_id: '2' } });
});

test('what is refused is a typed error', async () => {
  const broken = comfy.workflows.fromJson({ '9': { class_type: 'SaveImage', inputs: {} } });
  await expect(comfy.submit(broken)).rejects.toMatchObject({ name: 'InvalidWorkflow', code: 'invalid_workflow' });
  await expect(comfy.jobs.get('nothing')).rejects.toMatchObject({ name: 'NotFound' });
  await expect(comfySdk(product.url, 'nothing').submit(workflow())).rejects.toMatchObject({ name: 'Unauthorized' });
});

test('a cancelled job ends cancelled', async () => {
  await product.fleet().control.setFaults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });
  const job = await comfy.submit(workflow());
  await expect.poll(async () => (await job.refresh()).status).toBe('running');
  await job.cancel();
  await product.fleet().control.setFaults({ nodes: [] });
  expect((await job.wait()).status).toBe('canceled');
});

test('many jobs at once, each with its own output', async () => {
  const jobs = await Promise.all(Array.from({ length: 30 }, () => comfy.submit(workflow())));
  const ended = await Promise.all(jobs.map((job) => job.wait()));
  expect(ended.map(({ status }) => status)).toEqual(jobs.map(() => 'succeeded'));
  expect(new Set(ended.flatMap(({ outputs }) => outputs.map(({ id }) => id))).size).toBe(30);
});

test('two submits with the same key are one job', async () => {
  const same = workflow();
  const first = await comfy.submit(same, { idempotencyKey: 'mine' });
  expect((await comfy.submit(same, { idempotencyKey: 'mine' })).id).toBe(first.id);
  await first.wait();
});
