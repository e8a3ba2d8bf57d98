import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiV2Program, apiV2Program } from '../testing/api-v2-program.ts';
import { comfySdk } from '../testing/comfy-sdk.ts';
import { picture, sampled } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest } from '../testing/product-under-test.ts';

const MAX_STREAMS = 200;

let product: ProductUnderTest;
let ada: ApiV2Program;

beforeAll(async () => {
  product = await productUnderTest({ fleet: { version: '0.33.0', replicas: 1, pace: 1, previews: true } });
  ada = await apiV2Program(product, await product.participant('Ada'));
});
afterEach(() => product.operator.api.admin.settings.change.mutate({ dispatchPaused: false }));
afterAll(() => product.stop());

const pause = () => product.operator.api.admin.settings.change.mutate({ dispatchPaused: true });
const open = (id: string) =>
  fetch(`${product.url}/api/v2/jobs/${id}/events`, { headers: { authorization: ada.authorization } });

const frame = z.tuple([z.string().startsWith('event: '), z.string().startsWith('data: ')]);
/** All that a stream tells until its end. */
async function eventsOf(response: Response) {
  const text = await response.text();
  return text
    .split('\n\n')
    .filter((block) => block.startsWith('event'))
    .map((block) => {
      const [name, data] = frame.parse(block.split('\n'));
      return { event: name.slice('event: '.length), data: z.looseObject({}).parse(JSON.parse(data.slice(6))) };
    });
}

test('a stream tells of a job from its place in the queue to its end, and then ends', async () => {
  await pause();
  const { id } = await ada.submit(picture());
  const response = await open(id);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  await product.operator.api.admin.settings.change.mutate({ dispatchPaused: false });
  const events = await eventsOf(response);
  expect(events[0]).toMatchObject({ event: 'status', data: { status: 'queued' } });
  expect(events.at(-1)).toEqual({ event: 'status', data: { status: 'succeeded', queue_position: null } });
  const { outputs } = await ada.get(id);
  // When its address ends depends on when it was asked for.
  const fixed = outputs.map(({ url_expires_at: _, ...output }) => output);
  expect(events.filter(({ event }) => event === 'output').map(({ data }) => data)).toMatchObject(fixed);
});

test('of a job that has ended, its outputs and its end', async () => {
  const { id } = await ada.submit(picture());
  await ada.ended(id);
  expect((await eventsOf(await open(id))).map(({ event }) => event)).toEqual(['output', 'status']);
});

test('a job that is not one’s own has no stream', async () => {
  const ben = await apiV2Program(product, await product.participant('Ben'));
  const { id } = await ben.submit(picture());
  expect((await open(id)).status).toBe(404);
  await ben.ended(id);
});

test('hundreds of streams hear of the end; one person has no more than the limit', async () => {
  await pause();
  const { id } = await ada.submit(picture());
  const streams = await Promise.all(Array.from({ length: MAX_STREAMS }, () => open(id)));
  const oneMore = await open(id);
  expect([oneMore.status, oneMore.headers.get('retry-after')]).toEqual([429, '5']);
  await ada.cancel(id);
  const ends = await Promise.all(streams.map(async (one) => (await eventsOf(one)).at(-1)?.data.status));
  expect(new Set(ends)).toEqual(new Set(['canceled']));
  const free = await open(id);
  expect((await eventsOf(free)).at(-1)?.data.status).toBe('canceled');
});

test('the SDK’s events: steps and previews of the sampler, then the output, then the end', async () => {
  await product.fleet().control.setFaults({ slowByMs: 50 });
  const comfy = comfySdk(product.url, ada.token);
  const job = await comfy.submit(comfy.workflows.fromJson(sampled()));
  const events = [];
  for await (const event of job.events()) events.push(event);
  await product.fleet().control.setFaults({ slowByMs: 0 });
  const steps = events.flatMap((event) => (event.kind === 'progress' && event.steps !== null ? [event] : []));
  expect(steps[0]).toMatchObject({ nodesTotal: 6, currentNode: '3', steps: 20 });
  const previews = events.flatMap((event) => (event.kind === 'preview' ? [event] : []));
  expect(previews[0]).toMatchObject({ nodeId: '3', contentType: expect.stringMatching(/^image\/(jpeg|png)$/) });
  expect(events.slice(-2)).toMatchObject([{ kind: 'outputReady' }, { kind: 'statusChange', status: 'succeeded' }]);
});
