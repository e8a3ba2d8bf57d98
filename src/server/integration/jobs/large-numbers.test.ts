import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { readEmbedded } from '#src/adapters/files/media/embedded-job-id.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

const SEED = '9876543210987654321';
const MAX = '18446744073709551615';
/** As it failed once, and with such a seed for the picture too. */
const submission = readFileSync(new URL('../../../domain/workflow/cases/seed-64bit.json', import.meta.url), 'utf8')
  .replace('"images": ["1", 0]', '"images": ["4", 0]')
  .replace(
    '"prompt": {',
    `"workflow": {"nodes": [], "seed": ${MAX}}, "prompt": { "4": { "class_type": "ImageAddNoise", "inputs": { "image": ["1", 0], "seed": ${SEED}, "strength": 0.5 } },`,
  );
const accepted = z.object({ result: z.object({ data: z.object({ id: z.string() }) }) });
const refused = z.object({
  error: z.object({ message: z.string(), data: z.object({ appError: z.string(), nodeErrors: z.unknown() }) }),
});

describe('whole numbers beyond 2^53', () => {
  let product: ProductUnderTest;
  let anna: TestPerson;
  beforeAll(async () => {
    product = await productUnderTest();
    anna = await product.participant('Anna');
  });
  afterAll(() => product.stop());

  const send = async (body: string, path = 'jobs.submit'): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' };
    return (await anna.fetch(`/api/trpc/${path}`, { method: 'POST', headers, body })).json();
  };
  /** The result of a job with the case's seed, and what its file holds. */
  async function resultOf(id: string) {
    const job = await until('the end of the job', async () => {
      const now = await anna.api.jobs.get.query({ id });
      return now.endedAt !== null && now;
    });
    expect(job).toMatchObject({ status: 'completed', results: [{ kind: 'image' }] });
    const result = job.results[0]!;
    const file = join(product.folders.outputs, anna.name, result.filename);
    const prompt = await readEmbedded(file, { kind: 'image', mime: 'image/png' }, 'prompt');
    const workflow = await readEmbedded(file, { kind: 'image', mime: 'image/png' }, 'workflow');
    return { result, prompt, workflow };
  }

  test('keep every digit from a raw body to the file, the search and the screen', async () => {
    const { id } = accepted.parse(await send(submission)).result.data;
    const { result, prompt, workflow } = await resultOf(id);
    expect(prompt).toContain(`"seed": ${SEED}`);
    expect(prompt).toContain(`"noise_seed": ${MAX}`);
    expect(workflow).toContain(`"seed": ${MAX}`);
    expect(result.seed).toBe(SEED);
    expect((await anna.api.results.list.query({ seed: SEED })).items.map((one) => one.id)).toEqual([result.id]);
    expect((await anna.api.results.list.query({ seed: '9876543210987655000' })).items).toEqual([]);
    expect((await anna.api.results.get.query({ id: result.id })).madeWith.seed).toBe(SEED);
    expect(await anna.api.jobs.graph.query({ id })).toMatchObject({
      prompt: { '3': { inputs: { seed: SEED, noise_seed: MAX } } },
      workflow: { seed: MAX },
    });
    expect(await (await anna.fetch(result.apiWorkflowUrl)).text()).toContain(MAX);
    expect(await (await anna.fetch(result.workflowUrl)).text()).toContain(MAX);
    const again = await anna.api.jobs.retry.mutate({ id });
    expect((await resultOf(again.id)).prompt).toContain(`"seed": ${SEED}`);
  });

  test('also in a batch, as text, and over a WebSocket', async () => {
    const batch = await send(`{"0":${submission}}`, 'jobs.submit?batch=1');
    const graph = submission.slice(submission.indexOf('"prompt": ') + 10, submission.lastIndexOf('}'));
    const asText = await anna.api.jobs.submit.mutate({ prompt: graph.trim() });
    const socket = new WebSocket(`${product.url.replace('http', 'ws')}/api/trpc`, {
      headers: { cookie: anna.cookie() },
    });
    const answer = await new Promise<unknown>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('open', () =>
        socket.send(`{"id":1,"method":"mutation","params":{"path":"jobs.submit","input":${submission}}}`),
      );
      socket.on('message', (data) => resolve(JSON.parse(String(data))));
    });
    socket.close();
    const ids = [z.array(accepted).parse(batch)[0]!, accepted.parse(answer)].map(({ result }) => result.data.id);
    for (const id of [...ids, asText.id]) expect((await resultOf(id)).result.seed).toBe(SEED);
  });

  test.each(['NaN', 'Infinity', '-Infinity', '1e999'])('%s is refused by node and input', async (number) => {
    const body = submission.replace('"noise_seed":', `"cfg": ${number}, "noise_seed":`);
    const { message, data } = refused.parse(await send(body)).error;
    const shown = number === '1e999' ? 'Infinity' : number;
    expect(message).toBe(`KSampler (node 3): the input "cfg" is ${shown}; give a finite number.`);
    expect(data).toMatchObject({ appError: 'invalid_graph', nodeErrors: { '3': { class_type: 'KSampler' } } });
  });
});
