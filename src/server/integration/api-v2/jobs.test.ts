import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiV2Program, apiV2Program } from '../testing/api-v2-program.ts';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';

let product: ProductUnderTest;
let page: TestPerson['api'];
let ada: ApiV2Program;
let ben: ApiV2Program;

beforeAll(async () => {
  product = await productUnderTest({ fleet: { replicas: 1 } });
  const people = await product.participants(['Ada', 'Ben']);
  page = people[0]!.api;
  [ada, ben] = await Promise.all([apiV2Program(product, people[0]!), apiV2Program(product, people[1]!)]);
});
afterEach(() => product.operator.api.admin.settings.change.mutate({ dispatchPaused: false }));
afterAll(() => product.stop());

const pause = () => product.operator.api.admin.settings.change.mutate({ dispatchPaused: true });

test('a job runs, and says how it went', async () => {
  const workflow = picture();
  const job = await ada.submit(workflow, { metadata: { title: 'Grey card', scene: 7 } });
  expect(job).toMatchObject({
    status: expect.stringMatching(/^(queued|running)$/),
    error: null,
    metadata: { title: 'Grey card', scene: 7 },
    urls: { self: `/api/v2/jobs/${job.id}`, events: `/api/v2/jobs/${job.id}/events` },
  });
  const ended = await ada.ended(job.id);
  expect(ended).toMatchObject({
    status: 'succeeded',
    queue_position: null,
    metrics: { queue_ms: expect.any(Number), execution_ms: expect.any(Number) },
    outputs: [{ node_id: '9', type: 'image', content_type: 'image/png', job_id: job.id }],
  });
  expect(Date.parse(ended.expires_at)).toBeGreaterThan(Date.parse(ended.completed_at ?? ''));
  expect((await ada.ask(`/jobs/${job.id}/workflow`)).body).toEqual({ workflow, format: 'api' });
  expect((await page.jobs.get.query({ id: job.id })).title).toBe('Grey card');
});

test('a job whose node raises says which node', async () => {
  await product.fleet().control.setFaults({ nodes: [{ kind: 'outOfMemory', classType: 'ImageAddNoise', count: 1 }] });
  const { id } = await ada.submit(picture());
  expect(await ada.ended(id)).toMatchObject({
    status: 'failed',
    error: { code: 'node_execution_error', message: expect.any(String), node_id: '2', class_type: 'ImageAddNoise' },
  });
});

describe('what is refused', () => {
  test.each<[string, unknown, number, string]>([
    ['no JSON', '{"workflow":', 422, 'invalid_request'],
    ['no workflow', {}, 422, 'invalid_request'],
    ['the editor’s format', { workflow: { nodes: [], links: [], last_node_id: 3 } }, 422, 'workflow_format_ui'],
    ['a webhook', { workflow: picture(), webhook_url: 'https://example.org' }, 422, 'invalid_request'],
    ['nothing that saves', { workflow: { '1': picture()['1'] } }, 422, 'invalid_workflow'],
  ])('%s', async (_, body, status, code) => {
    const answer = await ada.post(body);
    expect([answer.status, answer.body]).toEqual([
      status,
      {
        error: { code, message: expect.any(String), details: code === 'invalid_workflow' ? { node_errors: {} } : null },
      },
    ]);
  });

  test('a node without what it needs, by node and input', async () => {
    const broken = {
      ...picture(),
      '9': { class_type: 'SaveImage', inputs: { images: ['77', 0], filename_prefix: 'x' } },
    };
    expect((await ada.post({ workflow: broken })).body).toMatchObject({
      error: {
        code: 'invalid_workflow',
        details: { node_errors: { '9': [{ field: 'images', reason: 'bad_linked_input', class_type: 'SaveImage' }] } },
      },
    });
  });

  test('more jobs than may wait, with the time to try again', async () => {
    await pause();
    await product.operator.api.admin.settings.change.mutate({ waitingCap: 1 });
    const { id } = await ben.submit(picture());
    const full = await ben.post({ workflow: picture() });
    await product.operator.api.admin.settings.change.mutate({ waitingCap: 500 });
    expect([full.status, full.body]).toMatchObject([429, { error: { code: 'queue_full' } }]);
    expect(Number(full.headers.get('retry-after'))).toBeGreaterThan(0);
    await ben.cancel(id);
  });
});

test('jobs that wait have a place; priority puts one before its owner’s others; a cancelled one stays cancelled', async () => {
  await pause();
  const first = await ada.submit(picture());
  const urgent = await ada.submit(picture(), { priority: 1 });
  await expect.poll(async () => (await ada.get(urgent.id)).queue_position).toBe(1);
  await expect.poll(async () => (await ada.get(first.id)).queue_position).toBe(2);
  for (let i = 0; i < 2; i += 1) expect(await ada.cancel(first.id)).toMatchObject({ status: 'canceled', error: null });
  await ada.cancel(urgent.id);
});

test('somebody else’s job is not found, for operators too', async () => {
  const { id } = await ada.submit(picture());
  const teacher = await apiV2Program(product, product.operator);
  for (const other of [ben, teacher])
    for (const path of ['', '/workflow', '/cancel']) {
      const method = path === '/cancel' ? 'POST' : 'GET';
      expect(await other.ask(`/jobs/${id}${path}`, { method })).toMatchObject({
        status: 404,
        body: { error: { code: 'not_found' } },
      });
    }
  await ada.ended(id);
});

test('own jobs are listed, newest first, page by page', async () => {
  await pause();
  const ids = [];
  for (let i = 0; i < 3; i += 1) ids.unshift((await ben.submit(picture())).id);
  const page = z.object({ jobs: z.array(z.looseObject({ id: z.string() })), next_cursor: z.string().nullable() });
  const first = page.parse((await ben.ask('/jobs?status=queued&limit=2')).body);
  const second = page.parse((await ben.ask(`/jobs?status=queued&limit=2&cursor=${first.next_cursor}`)).body);
  expect([...first.jobs, ...second.jobs].map(({ id }) => id)).toEqual(ids);
  expect(second.next_cursor).toBeNull();
  for (const id of ids) await ben.cancel(id);
});

describe('the same Idempotency-Key', () => {
  const key = (name: string) => ({ 'idempotency-key': name });

  test('and the same request: the same job', async () => {
    const body = { workflow: picture() };
    const first = await ada.post(body, key('one'));
    const again = await ada.post(body, key('one'));
    expect([first.status, again.status, again.body.id]).toEqual([201, 201, first.body.id]);
    expect([first, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true']);
    expect((await ben.post(body, key('one'))).body.id).not.toBe(first.body.id);
  });

  test('and another request: refused', async () => {
    await ada.post({ workflow: picture() }, key('two'));
    expect(await ada.post({ workflow: picture() }, key('two'))).toMatchObject({
      status: 422,
      body: { error: { code: 'idempotency_key_reuse' } },
    });
  });

  test('at the same time: one job, whoever is answered', async () => {
    const body = { workflow: picture() };
    const answers = await Promise.all([1, 2, 3, 4].map(() => ada.post(body, key('three'))));
    const made = answers.filter(({ status }) => status === 201).map(({ body: { id } }) => id);
    expect(new Set(made).size).toBe(1);
    for (const { status, headers } of answers.filter((answer) => answer.status !== 201)) {
      expect(status).toBe(409);
      expect(headers.get('retry-after')).toBe('1');
    }
  });

  test('after a refusal: a new request', async () => {
    expect((await ada.post({ workflow: {} }, key('four'))).status).toBe(422);
    expect((await ada.post({ workflow: picture() }, key('four'))).status).toBe(201);
  });
});
