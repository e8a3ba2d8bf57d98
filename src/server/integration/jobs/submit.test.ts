import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { freePort } from '../testing/free-port.ts';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';
import { refusal } from '../testing/visitor.ts';

const MIB = 1_048_576;
const saved = picture();
const refused = z.object({
  error: z.object({ message: z.string(), data: z.object({ appError: z.string(), nodeErrors: z.unknown() }) }),
});
const accepted = z.object({
  result: z.object({ data: z.object({ id: z.string(), status: z.string(), position: z.number().nullable() }) }),
});

/** A value so many levels deep. */
const nested = (levels: number): unknown => Array.from({ length: levels }).reduce((inner) => ({ a: inner }), 1);
const withInput = (value: unknown) => ({
  ...saved,
  '2': { class_type: 'ImageInvert', inputs: { image: ['1', 0], extra: value } },
});
const many = (count: number) =>
  Object.fromEntries([
    ...Object.entries(saved),
    ...Array.from({ length: count - 3 }, (_, n) => [`n${n}`, { class_type: 'PrimitiveInt', inputs: { value: n } }]),
  ]);

describe('submitting while every GPU is out of reach', () => {
  let product: ProductUnderTest;
  let anna: TestPerson;
  beforeAll(async () => {
    product = await productUnderTest({
      fleet: null,
      config: {
        endpoints: [
          {
            name: 'gone',
            url: `http://127.0.0.1:${await freePort()}`,
            gpu: '',
            pricing: 'spot',
            capacity: 2,
            apiKeyVariable: null,
          },
        ],
      },
    });
    anna = await product.participant('Anna');
  });
  afterAll(() => product.stop());

  /** As curl does it: the text of a request, and what is answered. */
  const send = async (body: string): Promise<{ status: number; json: unknown }> => {
    const response = await anna.fetch('/api/trpc/jobs.submit', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    return { status: response.status, json: await response.json() };
  };
  const refuses = async (body: string) => {
    const { status, json } = await send(body);
    const { error } = refused.parse(json);
    return { status, appError: error.data.appError, message: error.message, nodeErrors: error.data.nodeErrors };
  };
  const jobs = async () => (await anna.api.jobs.list.query({ limit: 200 })).items;

  test('it is answered all the same, with a position, and waits', async () => {
    const { status, json } = await send(JSON.stringify({ prompt: picture(), title: '  A film ' }));
    expect(status).toBe(200);
    const { id, ...rest } = accepted.parse(json).result.data;
    expect(rest).toEqual({ status: 'queued', position: 1 });
    const tried = await until('a try', async () => {
      const job = await anna.api.jobs.get.query({ id });
      return job.attempts > 0 && job.status === 'queued' && job;
    });
    expect(tried).toMatchObject({
      title: 'A film',
      phase: 'waiting',
      reason: null,
      startedAt: null,
      endedAt: null,
      results: [],
    });
  });

  test.each<[string, unknown, string, RegExp]>([
    ['null', null, 'invalid_graph', /not in API format/],
    ['words', 'a cat', 'invalid_graph', /not in API format/],
    ['a list', [saved], 'invalid_graph', /not in API format/],
    ['no nodes', {}, 'invalid_graph', /no nodes/],
    ['the editor’s own format', { nodes: [{ id: 1 }], links: [], version: 0.4 }, 'invalid_graph', /Export \(API\)/],
    [
      'no node that saves',
      { '1': saved['1'], '2': { class_type: 'ImageInvert', inputs: { image: ['1', 0] } } },
      'invalid_graph',
      /saves nothing/,
    ],
    ['more than 5,000 nodes', many(5001), 'invalid_graph', /5001 nodes; at most 5000/],
    ['more than 32 levels', withInput(nested(40)), 'invalid_graph', /more than 32 levels deep/],
    [
      'a graph of which nothing comes back, with the reason',
      { '1': saved['1'], '2': { class_type: 'Save Text File', inputs: { path: 'x', filename_prefix: 'y' } } },
      'invalid_graph',
      /saves nothing.*Save Text File \(node 2\).*not shared/,
    ],
    [
      'a circle',
      { ...saved, '1': { class_type: 'ImageInvert', inputs: { image: ['2', 0] } } },
      'invalid_graph',
      /loop/,
    ],
    ['more than 8 MiB', withInput('x'.repeat(8 * MIB)), 'too_large', /at most 8 MiB/],
  ])('refuses %s', async (_, prompt, appError, message) => {
    const before = (await jobs()).length;
    const answer = await refuses(JSON.stringify({ prompt }));
    expect(answer).toMatchObject({
      status: appError === 'too_large' ? 413 : 400,
      appError,
      message: expect.stringMatching(message),
    });
    expect(await jobs()).toHaveLength(before);
  });

  test.each(['__proto__', 'constructor', 'prototype'])('refuses a key named %s, wherever it stands', async (key) => {
    const text = JSON.stringify(withInput('HERE'));
    for (const prompt of [
      text.replace('"HERE"', `{"${key}": {"admin": true}}`),
      text.replace(/^\{/, `{"${key}": {"class_type": "X", "inputs": {}},`),
      text.replace('"extra"', `"${key}"`),
    ]) {
      expect(await refuses(`{"prompt": ${prompt}}`)).toMatchObject({
        appError: 'invalid_graph',
        message: expect.stringContaining(`"${key}"`),
      });
      expect(await refuses(`{"prompt": ${JSON.stringify(saved)}, "workflow": ${prompt}}`)).toMatchObject({
        appError: 'invalid_graph',
      });
    }
    expect(Object.prototype).not.toHaveProperty('admin');
  });

  test.each<[string, string]>([
    ['what is no JSON', '{"prompt": '],
    ['nothing', '{}'],
    ['a body that is a list', '[1,2]'],
    ['a title that is no text', JSON.stringify({ prompt: saved, title: 5 })],
    ['a title without end', JSON.stringify({ prompt: saved, title: 'x'.repeat(201) })],
    ['an empty request id', JSON.stringify({ prompt: saved, clientRequestId: '' })],
  ])('refuses %s', async (_, body) => {
    expect(await refuses(body)).toMatchObject({ status: 400, appError: 'invalid_input' });
  });

  test('refuses a million levels of lists', async () => {
    const deep = `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`;
    expect(await refuses(`{"prompt": ${JSON.stringify(withInput('HERE')).replace('"HERE"', deep)}}`)).toMatchObject({
      appError: 'invalid_graph',
      message: expect.stringContaining('levels deep'),
    });
  });

  test('a body larger than any graph and workflow is not read to its end', async () => {
    expect(await refuses(JSON.stringify({ prompt: saved, workflow: 'x'.repeat(19 * MIB) }))).toMatchObject({
      status: 413,
      appError: 'too_large',
    });
  });

  test('what is large but allowed is taken: 5,000 nodes, 7 MiB, an editor’s workflow beside it', async () => {
    const workflow = { nodes: [{ id: 1, title: 'x'.repeat(2 * MIB) }], links: [] };
    for (const prompt of [many(5000), withInput('x'.repeat(7 * MIB)), withInput(nested(20))]) {
      const { id } = await anna.api.jobs.submit.mutate({ prompt, workflow });
      expect(await anna.api.jobs.graph.query({ id })).toMatchObject({ prompt, workflow });
    }
  });

  test('a bad link is an error of its node and its input, in ComfyUI’s shape', async () => {
    const prompt = {
      ...saved,
      '2': { class_type: 'ImageBlend', inputs: { image1: ['1', 0], image2: ['77', 0] } },
      '10': { class_type: 'SaveImage', inputs: { images: ['1', 0] } },
      '11': { inputs: {} },
    };
    const answer = await refuses(JSON.stringify({ prompt }));
    expect(answer.message).toContain(
      'ImageBlend: This input is linked to node 77, which is not in the workflow. (image2)',
    );
    expect(answer.nodeErrors).toEqual({
      '2': {
        class_type: 'ImageBlend',
        dependent_outputs: [],
        errors: [
          {
            type: 'bad_linked_input',
            message: 'This input is linked to node 77, which is not in the workflow.',
            details: 'image2',
            extra_info: { input_name: 'image2', received_value: ['77', 0] },
          },
        ],
      },
      '10': {
        class_type: 'SaveImage',
        dependent_outputs: [],
        errors: [
          {
            type: 'required_input_missing',
            message: 'Required input is missing',
            details: 'filename_prefix',
            extra_info: { input_name: 'filename_prefix' },
          },
        ],
      },
      '11': {
        class_type: '',
        dependent_outputs: [],
        errors: [
          { type: 'invalid_prompt', message: 'This node has no class_type.', details: "Node ID '#11'", extra_info: {} },
        ],
      },
    });
  });

  test('the same request twice, or twenty times at once, is one job', async () => {
    const body = { prompt: picture(), clientRequestId: randomUUID() };
    const answers = await Promise.all(Array.from({ length: 20 }, () => anna.api.jobs.submit.mutate(body)));
    const again = await anna.api.jobs.submit.mutate(body);
    expect(new Set([...answers, again].map(({ id }) => id)).size).toBe(1);
    expect((await jobs()).filter(({ id }) => id === again.id)).toHaveLength(1);
    const ben = await product.participant('Ben');
    expect((await ben.api.jobs.submit.mutate(body)).id).not.toBe(again.id);
  });

  test('words in any alphabet come back as they were', async () => {
    const title = 'Füße 雨 🌧 \u0000 "quoted" \\ end';
    const prompt = withInput('Füße 雨 🌧 \u0000 \ud800 end');
    const { id } = await anna.api.jobs.submit.mutate({ prompt, title });
    expect((await anna.api.jobs.get.query({ id })).title).toBe('Füße 雨 🌧  "quoted" \\ end');
    expect((await anna.api.jobs.graph.query({ id })).prompt).toEqual(prompt);
  });

  test('cancelled while it waits it is gone at once, and can be run again', async () => {
    await product.operator.api.admin.queue.pause.mutate();
    const { id } = await anna.api.jobs.submit.mutate({ prompt: picture(), title: 'Again' });
    expect(await refusal(anna.api.jobs.retry.mutate({ id }))).toMatchObject({ appError: 'conflict' });
    expect(await anna.api.jobs.cancel.mutate({ id })).toMatchObject({
      status: 'cancelled',
      phase: 'cancelled',
      reason: 'cancelled',
      position: null,
    });
    expect(await refusal(anna.api.jobs.cancel.mutate({ id }))).toMatchObject({ status: 409, appError: 'conflict' });
    const again = await anna.api.jobs.retry.mutate({ id, newSeed: true });
    expect(again).toMatchObject({ status: 'queued', position: expect.any(Number) });
    const [before, after] = await Promise.all([
      anna.api.jobs.graph.query({ id }),
      anna.api.jobs.graph.query({ id: again.id }),
    ]);
    const seedOf = z.object({ prompt: z.object({ '2': z.object({ inputs: z.object({ seed: z.number() }) }) }) });
    expect(seedOf.parse(after).prompt['2'].inputs.seed).not.toBe(seedOf.parse(before).prompt['2'].inputs.seed);
    expect(await anna.api.jobs.get.query({ id: again.id })).toMatchObject({ title: 'Again', attempts: 0 });
    await product.operator.api.admin.queue.resume.mutate();
  });

  test('nothing went wrong meanwhile', () => {
    expect(product.wentWrong()).toEqual([]);
  });
});
