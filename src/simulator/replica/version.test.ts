import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startReplica, type TestReplica, until } from '../replica.testing.ts';
import { atLeast } from './version.ts';

test.each([
  ['0.33.0', '0.3.64', true],
  ['0.3.64', '0.33.0', false],
  ['0.3.57', '0.3.57', true],
  ['0.3.56', '0.3.57', false],
  ['1.0.0', '0.33.0', true],
])('%s is at least %s: %s', (given, wanted, is) => {
  expect(atLeast(given, wanted)).toBe(is);
});

const jobsSchema = z.object({
  jobs: z.array(z.looseObject({ id: z.string(), status: z.string() })),
  pagination: z.object({
    offset: z.number(),
    limit: z.number().nullable(),
    total: z.number(),
    has_more: z.boolean(),
  }),
});

const image = { class_type: 'EmptyImage', inputs: { width: 16, height: 16, batch_size: 1, color: 3 } };
const saving = (prefix: string, more: object = {}) => ({
  1: image,
  2: { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: prefix } },
  ...more,
});
const slow = (prefix: string) => ({
  1: image,
  2: { class_type: 'ImageAddNoise', inputs: { image: ['1', 0], seed: 1, strength: 0.3 } },
  3: { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: prefix } },
});
const failing = {
  1: image,
  2: { class_type: 'FakeRaise', inputs: { value: ['1', 0], message: 'No such thing' } },
  3: { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: 'never' } },
};
const uuid = (number: number): string => `00000000-0000-4000-8000-00000000000${number}`;

describe('what a worker of each version does', () => {
  let replica: TestReplica;
  afterEach(() => replica.stop());

  const send = (path: string, body: unknown = {}): Promise<Response> =>
    fetch(`${replica.url}${path}`, { method: 'POST', body: JSON.stringify(body) });
  const jobs = async (query = ''): Promise<z.infer<typeof jobsSchema>> =>
    jobsSchema.parse(await (await fetch(`${replica.url}/api/jobs${query}`)).json());
  const version = async (): Promise<string> =>
    z
      .object({ system: z.object({ comfyui_version: z.string() }) })
      .parse(await (await fetch(`${replica.url}/system_stats`)).json()).system.comfyui_version;

  test('0.33 lists jobs by status, returns one, and cancels by id', async () => {
    replica = await startReplica({ version: '0.33.0' });
    expect(await version()).toBe('0.33.0');
    await replica.run(saving('a'), {
      prompt_id: uuid(1),
      extra_data: { extra_pnginfo: { workflow: { id: 'w' } }, api_key_comfy_org: 'secret' },
    });
    await replica.run(failing, { prompt_id: uuid(2) });
    replica.setFaults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });
    await replica.post({ prompt: slow('b'), prompt_id: uuid(3) });
    await replica.post({ prompt: slow('c'), prompt_id: uuid(4) });
    await until(async () => (await jobs('?status=in_progress')).jobs.length === 1);

    const all = await jobs('?sort_order=asc&limit=2&offset=1');
    expect(all.pagination).toEqual({ offset: 1, limit: 2, total: 4, has_more: true });
    expect((await jobs('?status=failed,pending')).jobs.map(({ id }) => id).sort()).toEqual([uuid(2), uuid(4)]);
    expect((await jobs('?status=failed&limit=5')).jobs).toMatchObject([
      {
        id: uuid(2),
        status: 'failed',
        outputs_count: 0,
        execution_error: { node_id: '2', node_type: 'FakeRaise', exception_message: 'No such thing\n' },
        create_time: expect.any(Number),
        execution_start_time: expect.any(Number),
        execution_end_time: expect.any(Number),
      },
    ]);
    const [done] = (await jobs('?status=completed')).jobs;
    expect(done).toMatchObject({
      id: uuid(1),
      workflow_id: 'w',
      outputs_count: 1,
      previewable_outputs_count: 1,
      preview_output: { filename: 'a_00001_.png', type: 'output', nodeId: '2', mediaType: 'images' },
    });
    expect(done).not.toHaveProperty('workflow');
    const whole = await (await fetch(`${replica.url}/api/jobs/${uuid(1)}`)).json();
    expect(whole).toMatchObject({ workflow: { prompt: saving('a') }, execution_status: { completed: true } });
    for (const path of ['/history', '/queue', '/api/jobs'])
      expect(await (await fetch(`${replica.url}${path}`)).text()).not.toContain('secret');

    expect((await fetch(`${replica.url}/api/jobs/${uuid(9)}`)).status).toBe(404);
    expect((await fetch(`${replica.url}/api/jobs?status=broken`)).status).toBe(400);
    expect((await fetch(`${replica.url}/api/jobs?limit=0`)).status).toBe(400);

    const cancel = async (id: string): Promise<unknown> => (await send(`/api/jobs/${id}/cancel`)).json();
    expect(await cancel(uuid(4))).toEqual({ cancelled: true });
    expect(await cancel(uuid(3))).toEqual({ cancelled: true });
    expect(await cancel(uuid(1))).toEqual({ cancelled: false });
    expect((await replica.result(uuid(3))).status.messages.at(-1)?.[0]).toBe('execution_interrupted');
    expect((await jobs('?status=cancelled')).jobs.map(({ id }) => id)).toEqual([uuid(3)]);
    expect((await send('/api/jobs/cancel', { job_ids: ['no'] })).status).toBe(400);
  });

  test('0.33 accepts only canonical UUIDs, and creates one if none is given', async () => {
    replica = await startReplica({ version: '0.33.0' });
    for (const id of ['job-1', uuid(1).toUpperCase().replace('0', 'A'), 7]) {
      const { status, json } = await replica.post({ prompt: saving('x'), prompt_id: id });
      expect([status, json]).toMatchObject([400, { error: { type: 'invalid_prompt_id' }, node_errors: {} }]);
    }
    expect((await replica.post({ prompt: saving('x'), prompt_id: null })).id).toMatch(/^[\da-f-]{36}$/);
  });

  test('0.3.64 has no list of jobs, takes any id, and interrupts by id', async () => {
    replica = await startReplica();
    expect((await fetch(`${replica.url}/api/jobs`)).status).toBe(404);
    replica.setFaults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });
    await replica.post({ prompt: slow('d'), prompt_id: 'mine' });
    await until(async () => (await (await fetch(`${replica.url}/queue`)).text()).includes('"queue_pending": []'));
    await send('/interrupt', { prompt_id: 'another' });
    replica.setFaults({ nodes: [] });
    expect((await replica.result('mine')).status.completed).toBe(true);
  });

  test('0.3.56 does not read the id of an interrupt: it stops the running prompt', async () => {
    replica = await startReplica({ version: '0.3.56' });
    replica.setFaults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });
    await replica.post({ prompt: slow('e'), prompt_id: 'somebody' });
    await until(async () => (await (await fetch(`${replica.url}/queue`)).text()).includes('"queue_pending": []'));
    await send('/interrupt', { prompt_id: 'another' });
    expect((await replica.result('somebody')).status.messages.at(-1)?.[0]).toBe('execution_interrupted');
  });
});
