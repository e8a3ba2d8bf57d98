import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ComfyuiProgram, programOf } from '../testing/comfyui-program.ts';
import { allRefused, picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

let product: ProductUnderTest;
let [ada, ben]: TestPerson[] = [];
let program: ComfyuiProgram;
let bens: ComfyuiProgram;
beforeAll(async () => {
  product = await productUnderTest({ fleet: { replicas: 1 }, config: { comfyuiPort: 0 } });
  [ada, ben] = await product.participants(['Ada', 'Ben']);
  [program, bens] = await Promise.all([programOf(product, ada!), programOf(product, ben!)]);
});
const release = () => product.fleet().control.setFaults({ nodes: [] });
afterEach(release);
afterAll(() => product.stop());

const hold = () => product.fleet().control.setFaults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });
const running = (who = ada!) =>
  until('a job to run', async () => (await who.api.jobs.list.query({ status: 'running' })).items.length > 0);

const record = z.looseObject({});
const tuple = z.tuple([z.number(), z.string(), record, record, z.array(z.string())]);
const queue = z.object({ queue_running: z.array(tuple), queue_pending: z.array(tuple) });
const queueOf = async (who = program) => queue.parse((await who.json('/queue')).body);
const empty = (who = program) =>
  until('an empty queue', async () => {
    const { queue_running, queue_pending } = await queueOf(who);
    return queue_running.length + queue_pending.length === 0;
  });

/** Types of values, down to the names that a client reads; ids of nodes and prompts stand for one another. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return [...new Map(value.map((one) => [JSON.stringify(shape(one)), shape(one)])).values()];
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [/^[0-9a-f]{8}-|^\d+$/.test(key) ? 'id' : key, shape(one)]),
  );
}
const recordings = z.array(
  z.object({ name: z.string(), response: z.looseObject({ status: z.number(), json: z.unknown().optional() }) }),
);
const RECORDED = '../../../simulator/fixtures/recorded/http';
/** What a real server answered: 0.3.64, and of jobs 0.33.0. */
function recorded(file: 'prompt_valid' | 'prompt_invalid' | 'queue' | 'jobs', name: string): unknown {
  const url = new URL(file === 'jobs' ? './fixtures/jobs.json' : `${RECORDED}/${file}.json`, import.meta.url);
  const found = recordings.parse(JSON.parse(readFileSync(url, 'utf8'))).find((one) => one.name.startsWith(name));
  if (!found) throw new Error(`no recording ${name}`);
  return found.response.json;
}

describe('a prompt', () => {
  test('is answered as ComfyUI does, and keeps the id that it was given, which makes one job', async () => {
    const promptId = randomUUID();
    const prompt = picture();
    const first = await program.run(prompt, { prompt_id: promptId });
    expect(shape(first)).toEqual(shape(recorded('prompt_valid', 'prompt_id chosen by the client (uuid)')));
    expect(first.prompt_id).toBe(promptId);
    expect(await program.run(prompt, { prompt_id: promptId })).toEqual(first);
    await program.ended(promptId);
    expect((await program.json('/jobs?limit=100')).body).toMatchObject({ pagination: { total: 1 } });
    // Another person's of the same id is another.
    const theirs = await bens.run(picture(), { prompt_id: promptId });
    expect(theirs.prompt_id).toBe(promptId);
    await bens.ended(promptId);
  });

  test('has the name that our part of ComfyUI’s page sends along', async () => {
    const response = await program.call('/prompt', {
      method: 'POST',
      headers: { 'comfyume-name': encodeURIComponent('Füße 雨') },
      body: JSON.stringify({ prompt: picture() }),
    });
    const { prompt_id } = z.object({ prompt_id: z.string() }).parse(await response.json());
    expect((await ada!.api.jobs.get.query({ id: prompt_id })).title).toBe('Füße 雨');
    await program.ended(prompt_id);
  });

  test('without an id has the one of its job', async () => {
    const { prompt_id } = await program.run(picture());
    expect((await ada!.api.jobs.get.query({ id: prompt_id })).id).toBe(prompt_id);
    expect((await program.run(picture(), { prompt_id })).prompt_id).toBe(prompt_id);
    await program.ended(prompt_id);
  });

  test('numbers of one person rise, also of prompts that come together', async () => {
    const answers = [];
    for (let n = 0; n < 5; n += 1) answers.push(await program.run(picture()));
    const numbers = answers.map(({ number }) => number);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    for (const { prompt_id } of answers) await program.ended(prompt_id);
  });

  test.each([
    ['nothing', {}, recorded('prompt_invalid', 'empty object')],
    ['no node', { prompt: {} }, recorded('prompt_invalid', 'empty prompt')],
    ['no output node', { prompt: { 1: picture()['1'] } }, recorded('prompt_invalid', 'no output node')],
    [
      'no class',
      { prompt: { ...picture(), 3: { inputs: {} } } },
      recorded('prompt_invalid', 'node without class_type'),
    ],
    [
      'no part of the graph',
      { prompt: picture(), partial_execution_targets: [] },
      recorded('prompt_invalid', 'partial_execution_targets: []'),
    ],
    [
      'a link to nowhere',
      { prompt: { 9: { class_type: 'SaveImage', inputs: { images: ['7', 0], filename_prefix: 'x' } } } },
      recorded('prompt_invalid', 'link to a node that does not exist'),
    ],
  ])('with %s is refused in ComfyUI’s words', async (_, body, answer) => {
    const refused = await program.json('/prompt', body);
    const { error } = z.object({ error: z.looseObject({ type: z.string() }) }).parse(answer);
    expect(refused).toMatchObject({ status: 400, body: { error: { type: error.type } } });
    expect(Object.keys(refused.body.error ?? {}).sort()).toEqual(['details', 'extra_info', 'message', 'type']);
    expect(Object.keys(refused.body)).toEqual(['error', 'node_errors']);
  });

  test.each(['x', 'AAAAAAAA-0000-4000-8000-000000000000', 5])('with the id %s is refused', async (prompt_id) => {
    const { status, body } = await program.json('/prompt', { prompt: picture(), prompt_id });
    expect([status, body]).toMatchObject([400, { error: { type: 'invalid_prompt_id' } }]);
  });

  test('that is no JSON is refused in JSON', async () => {
    const response = await program.call('/prompt', { method: 'POST', body: '{"prompt":' });
    expect([response.status, await response.json()]).toMatchObject([400, { node_errors: {} }]);
  });

  test('goes first only before one’s own', async () => {
    await hold();
    const theirs = await bens.run(picture());
    await running(ben!);
    const own = [await program.run(picture()), await program.run(picture())];
    const first = await program.run(picture(), { front: true });
    expect(first.number).toBeLessThan(0);
    const number = await program.run(picture(), { number: -1 });
    const pending = (await queueOf()).queue_pending.map(([, id]) => id);
    expect(pending).toEqual([number, first, ...own].map(({ prompt_id }) => prompt_id));
    expect((await queueOf(bens)).queue_running.map(([, id]) => id)).toEqual([theirs.prompt_id]);
    await release();
    await Promise.all([empty(), empty(bens)]);
  });

  test('runs a part of its graph, with the workflow beside it, and keeps no key', async () => {
    const prompt = {
      ...picture(),
      8: { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'other' } },
    };
    const workflow = { id: randomUUID(), nodes: [], links: [] };
    const { prompt_id } = await program.run(prompt, {
      partial_execution_targets: ['8'],
      extra_data: { extra_pnginfo: { workflow }, api_key_comfy_org: 'secret', auth_token_comfy_org: 'secret' },
    });
    const entry = await program.ended(prompt_id);
    expect(entry).toMatchObject({ prompt: [{}, prompt_id, {}, { extra_pnginfo: { workflow } }, ['8']] });
    expect(Object.keys(Object(entry.prompt)[2])).toEqual(['1', '8']);
    expect(JSON.stringify(entry)).not.toContain('secret');
    expect((await ada!.api.jobs.get.query({ id: prompt_id })).warnings).toEqual([]);
    expect((await program.json(`/jobs?workflow_id=${workflow.id}`)).body).toMatchObject({ pagination: { total: 1 } });
  });
});

describe('queue and history', () => {
  test('tell of a job as ComfyUI does, in one or in the other', async () => {
    await hold();
    const { prompt_id } = await program.run(picture(), { client_id: 'x' });
    await running();
    const during = await queueOf();
    expect(during.queue_running.map(([, id]) => id)).toEqual([prompt_id]);
    const real = queue.parse(recorded('queue', 'GET /queue while running'));
    const parts = ([number, id, , , outputs]: z.output<typeof tuple>) => shape([number, id, outputs]);
    expect(parts(during.queue_running[0]!)).toEqual(parts(real.queue_running[0]!));
    expect((await program.json('/prompt')).body).toEqual({ exec_info: { queue_remaining: 1 } });
    expect((await program.json(`/history/${prompt_id}`)).body).toEqual({});
    await release();
    const entry = await program.ended(prompt_id);
    const done = record.parse(recorded('queue', 'GET /history/{id} of a successful prompt'));
    const [answer] = Object.values(done).map((one) => record.parse(one));
    expect(shape({ outputs: entry.outputs, status: entry.status, meta: entry.meta })).toEqual(
      shape({ outputs: answer?.outputs, status: answer?.status, meta: answer?.meta }),
    );
    expect(await queueOf()).toEqual({ queue_running: [], queue_pending: [] });
    expect(Object.keys((await program.json('/history?max_items=1')).body)).toEqual([prompt_id]);
    const all = Object.keys((await program.json('/history')).body);
    expect(all.at(-1)).toBe(prompt_id);
    expect(Object.keys((await program.json('/history?max_items=1&offset=0')).body)).toEqual([all[0]]);
  });

  test('what failed has its error', async () => {
    const { prompt_id } = await program.run(allRefused());
    expect(await program.ended(prompt_id)).toMatchObject({ status: { status_str: 'error', completed: false } });
    const { body } = await program.json(`/jobs/${prompt_id}`);
    expect(body).toMatchObject({ status: 'failed', execution_error: { node_id: '5', node_type: 'EmptyImage' } });
  });

  test('waiting jobs are taken out by id or all, what runs is interrupted, of one’s own only', async () => {
    await hold();
    const runs = await program.run(picture());
    await running();
    const waits = [await program.run(picture()), await program.run(picture()), await program.run(picture())];
    const [a, b, c] = waits.map(({ prompt_id }) => prompt_id);
    const theirs = await bens.run(picture());
    await program.json('/queue', { delete: [a, runs.prompt_id, theirs.prompt_id] });
    const pending = async () => (await queueOf()).queue_pending.map(([, id]) => id);
    expect(await pending()).toEqual([b, c]);
    expect((await program.json(`/jobs/${b}/cancel`, {})).body).toEqual({ cancelled: true });
    expect((await program.json(`/jobs/${b}/cancel`, {})).body).toEqual({ cancelled: false });
    expect((await bens.json(`/jobs/${c}/cancel`, {})).body).toEqual({ cancelled: false });
    await program.json('/queue', { clear: true });
    expect(await pending()).toEqual([]);
    await bens.json('/interrupt', { prompt_id: runs.prompt_id });
    expect((await queueOf()).queue_running).toHaveLength(1);
    await program.json('/interrupt', { prompt_id: runs.prompt_id });
    await release();
    await empty();
    expect(Object.keys((await program.json('/history')).body)).not.toContain(a);
    expect((await program.json(`/jobs/${runs.prompt_id}`)).body.status).toBe('cancelled');
    expect((await program.json('/jobs/cancel', { job_ids: [runs.prompt_id] })).body).toEqual({ cancelled: false });
    await empty(bens);
  });

  test('a job is told as ComfyUI tells of it, in the list and alone', async () => {
    const workflow = { id: randomUUID(), nodes: [], links: [] };
    const { prompt_id } = await program.run(picture(), { client_id: 'x', extra_data: { extra_pnginfo: { workflow } } });
    await program.ended(prompt_id);
    const real = record.parse(recorded('jobs', 'job that is done'));
    const { body } = await program.json(`/jobs/${prompt_id}`);
    expect(shape({ ...body, workflow: Object(body.workflow).extra_data })).toEqual(
      shape({ ...real, workflow: Object(real.workflow).extra_data }),
    );
    const page = recorded('jobs', 'page');
    expect(shape((await program.json('/jobs?status=completed&limit=1')).body)).toMatchObject(Object(shape(page)));

    const failed = await program.run(allRefused());
    await program.ended(failed.prompt_id);
    const keys = (value: unknown): string[] => Object.keys(Object(value)).sort();
    const told = (await program.json(`/jobs/${failed.prompt_id}`)).body;
    const realFailed = record.parse(recorded('jobs', 'job that failed'));
    expect(keys(told)).toEqual(keys(realFailed));
    expect(keys(told.execution_error)).toEqual(keys(realFailed.execution_error));

    await hold();
    const runs = await program.run(picture());
    await running();
    const alive = (await program.json(`/jobs/${runs.prompt_id}`)).body;
    expect(shape(alive)).toMatchObject(Object(shape(recorded('jobs', 'job that runs'))));
    expect((await program.json('/jobs/cancel', { job_ids: [runs.prompt_id] })).body).toEqual({ cancelled: true });
    await release();
    await empty();
    expect(keys((await program.json(`/jobs/${runs.prompt_id}`)).body)).toEqual(
      keys(recorded('jobs', 'job that was interrupted')),
    );
    const unknown = await program.json(`/jobs/${randomUUID()}`);
    expect(unknown).toEqual({ status: 404, body: recorded('jobs', 'unknown job') });
    for (const wrong of [{ job_ids: ['x'] }, { job_ids: 'x' }, {}])
      expect((await program.json('/jobs/cancel', wrong)).status).toBe(400);
  });

  test('jobs come in pages, by status and in either order', async () => {
    const pageOf = async (path: string) =>
      z
        .object({
          jobs: z.array(z.looseObject({ id: z.string(), status: z.string(), create_time: z.number() })),
          pagination: z.looseObject({
            total: z.number(),
            has_more: z.boolean(),
            limit: z.number(),
            next_cursor: z.string().optional(),
          }),
        })
        .parse((await program.json(path)).body);
    const all = await pageOf('/jobs');
    const ids = all.jobs.map(({ id }) => id);
    expect(all.pagination).toMatchObject({ total: ids.length, has_more: false, offset: 0 });
    expect((await pageOf('/jobs?sort_order=asc')).jobs.map(({ id }) => id)).toEqual([...ids].reverse());
    const second = await pageOf('/jobs?limit=2&offset=2');
    expect([second.jobs.map(({ id }) => id), second.pagination.has_more]).toEqual([ids.slice(2, 4), true]);
    const after = await pageOf(`/jobs?limit=2&after=${(await pageOf('/jobs?limit=2')).pagination.next_cursor}`);
    expect(after.jobs).toEqual(second.jobs);
    const failed = await pageOf('/jobs?status=failed,cancelled');
    expect(new Set(failed.jobs.map(({ status }) => status))).toEqual(new Set(['failed', 'cancelled']));
    expect((await pageOf('/jobs?sort_by=execution_duration')).jobs).toHaveLength(ids.length);
    for (const wrong of ['status=new', 'limit=0', 'limit=x', 'sort_by=name', 'after=x'])
      expect((await program.json(`/jobs?${wrong}`)).status).toBe(400);
  });

  test('what is taken out of the history stays in the gallery', async () => {
    const { prompt_id } = await program.run(picture());
    await program.ended(prompt_id);
    await program.json('/history', { delete: [prompt_id] });
    expect((await program.json(`/history/${prompt_id}`)).body).toEqual({});
    expect((await program.json(`/jobs/${prompt_id}`)).status).toBe(404);
    await bens.json('/history', { clear: true });
    expect(Object.keys((await program.json('/history')).body).length).toBeGreaterThan(1);
    await program.json('/history', { clear: true });
    expect((await program.json('/history')).body).toEqual({});
    expect((await program.json('/jobs')).body).toMatchObject({ jobs: [] });
    expect((await ada!.api.results.list.query({ jobId: prompt_id })).items).toHaveLength(1);
  });
});

test('nothing went wrong that nobody expected', () => expect(product.wentWrong()).toEqual([]));
