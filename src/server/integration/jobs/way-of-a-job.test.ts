import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { JobView } from '#src/api/views.ts';
import { allRefused, halfRefused, picture, unknownClass } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

/** Waits for the end of a job. */
const ended = (who: TestPerson, id: string): Promise<JobView> =>
  until(`the end of job ${id}`, async () => {
    const job = await who.api.jobs.get.query({ id });
    return job.endedAt !== null && job;
  });
const submit = async (who: TestPerson, prompt: unknown): Promise<string> =>
  (await who.api.jobs.submit.mutate({ prompt })).id;

describe('the way of a job', () => {
  let product: ProductUnderTest;
  let anna: TestPerson;
  let count = 0;
  beforeAll(async () => {
    product = await productUnderTest({ fleet: { minReplicas: 0, coldStartMs: 3600 } });
  });
  beforeEach(async () => {
    count += 1;
    anna = await product.participant(`Anna ${count}`);
  });
  afterAll(() => product.stop());

  const bytesOf = (who: TestPerson, filename: string): Promise<Buffer> =>
    readFile(join(product.folders.outputs, who.name, filename));
  const executed = async () =>
    (await product.fleet().control.state()).replicas.flatMap(({ id, executed }) =>
      executed.map((one) => ({ ...one, replica: id })),
    );

  test('from cold: it is held while a GPU starts, then rendered, imported and told live', async () => {
    const feed = anna.listen();
    await feed.ready;
    const id = await submit(anna, picture({ prefix: 'film/shot' }));
    const phases: string[] = [];
    const job = await until('the end of the job', async () => {
      const now = await anna.api.jobs.get.query({ id });
      if (phases.at(-1) !== now.phase) phases.push(now.phase);
      return now.endedAt !== null && now;
    });
    // Between the answer and the first activity it is "sent" once more.
    const order = ['waiting', 'sent', 'waking', 'sent', 'rendering', 'delivering', 'done'];
    let at = 0;
    for (const phase of phases) at = order.indexOf(phase, at) + 1 || Number.POSITIVE_INFINITY;
    expect(at, phases.join(' → ')).toBe(order.length);
    expect(phases).toEqual(expect.arrayContaining(['waking', 'done']));
    expect(job).toMatchObject({
      status: 'completed',
      reason: null,
      message: null,
      nodeErrors: null,
      attempts: 1,
      position: null,
    });
    expect(job.results).toMatchObject([
      {
        jobId: id,
        nodeId: '9',
        filename: 'film/shot_00001_.png',
        kind: 'image',
        mime: 'image/png',
        width: 48,
        height: 32,
        duration: null,
      },
    ]);
    expect(Date.parse(job.createdAt)).toBeLessThanOrEqual(Date.parse(job.startedAt ?? ''));
    expect(Date.parse(job.startedAt ?? '')).toBeLessThanOrEqual(Date.parse(job.endedAt ?? ''));
    await until('the last event', () => feed.received.filter(({ data }) => data.type === 'job.updated').length >= 5);
    const types = feed.received.map(({ data }) => data.type);
    expect(types).toContain('phase.moved');
    expect(feed.received.filter(({ data }) => data.type === 'result.added')).toMatchObject([
      { data: { jobId: id, resultId: job.results[0]?.id } },
    ]);
    expect(types.indexOf('result.added')).toBeLessThan(types.lastIndexOf('job.updated'));
    await feed.close();
  });

  test('many jobs through three replicas: each picture once, at its owner, proven by the job’s id in it', async () => {
    await product.fleet().control.setLimits({ min: 3 });
    await until(
      'three replicas',
      async () =>
        (await product.fleet().control.state()).replicas.filter(({ phase }) => phase === 'ready').length === 3,
    );
    const ben = await product.participant(`Ben ${count}`);
    const jobs = await Promise.all(
      [anna, ben].flatMap((who) =>
        Array.from({ length: 6 }, async () => ({ who, id: await submit(who, picture({ prefix: 'same' })) })),
      ),
    );
    for (const { who, id } of jobs) {
      const job = await ended(who, id);
      expect(job).toMatchObject({ status: 'completed', attempts: 1, results: [{ jobId: id }] });
      const bytes = await bytesOf(who, job.results[0]?.filename ?? '');
      expect(bytes.includes(id)).toBe(true);
    }
    const names = Array.from({ length: 6 }, (_, n) => `same_0000${n + 1}_.png`);
    expect([await product.filesOf(anna), await product.filesOf(ben)]).toEqual([names, names]);
    const runs = await executed();
    expect(new Set(runs.map(({ promptId }) => promptId)).size).toBe(runs.length);
    expect(new Set(runs.map(({ replica }) => replica)).size).toBeGreaterThan(1);
  });

  test('a batch is as many results, in order, and the next run counts on', async () => {
    const prompt = picture({ prefix: 'batch', batch: 3 });
    const first = await ended(anna, await submit(anna, prompt));
    expect(first.results.map(({ filename }) => filename).sort()).toEqual([
      'batch_00001_.png',
      'batch_00002_.png',
      'batch_00003_.png',
    ]);
    const again = await anna.api.jobs.retry.mutate({ id: first.id });
    const second = await ended(anna, again.id);
    expect(second.results.map(({ filename }) => filename).sort()).toEqual([
      'batch_00004_.png',
      'batch_00005_.png',
      'batch_00006_.png',
    ]);
    expect((await anna.api.results.list.query()).items).toHaveLength(6);
  });

  test('accepted in part: what can run does, and the rest is explained', async () => {
    const job = await ended(anna, await submit(anna, halfRefused()));
    expect(job).toMatchObject({ status: 'completed', results: [{ nodeId: '9', filename: 'half_00001_.png' }] });
    expect(job.nodeErrors).toMatchObject({
      '5': { class_type: 'EmptyImage', dependent_outputs: ['6'], errors: [{ type: 'value_smaller_than_min' }] },
    });
    expect(Object.keys(job.nodeErrors ?? {})).toEqual(['5']);
  });

  test('rejected by the worker: told in its words, with the node, at once', async () => {
    const [all, none] = [
      await ended(anna, await submit(anna, allRefused())),
      await ended(anna, await submit(anna, unknownClass())),
    ];
    expect(all).toMatchObject({
      status: 'failed',
      phase: 'failed',
      reason: 'rejected_by_worker',
      message: expect.stringContaining('EmptyImage'),
      attempts: 1,
      results: [],
    });
    expect(all.nodeErrors).toMatchObject({
      '5': { class_type: 'EmptyImage', errors: [{ type: 'value_smaller_than_min' }] },
    });
    expect(JSON.stringify(all)).not.toContain('comfyume_');
    expect(none).toMatchObject({
      status: 'failed',
      reason: 'rejected_by_worker',
      message: expect.stringContaining('NoSuchNodeAnywhere'),
      results: [],
    });
    expect(await product.filesOf(anna)).toEqual([]);
  });

  test('the answer is lost, the work is not: one run, one picture', async () => {
    await product.fleet().control.setFaults({
      requests: [
        { kind: 'cutAfterAccept', only: 'prompt', count: 1 },
        { kind: 'timeoutAfterAccept', only: 'prompt', count: 1 },
        { kind: 'truncate', only: 'prompt', count: 1 },
      ],
    });
    const before = (await executed()).length;
    const ids = await Promise.all([picture(), picture(), picture()].map((prompt) => submit(anna, prompt)));
    for (const id of ids)
      expect(await ended(anna, id)).toMatchObject({ status: 'completed', attempts: 1, results: [{ jobId: id }] });
    expect((await executed()).length - before).toBe(3);
    await product.fleet().control.setFaults({ requests: [] });
  });

  test('cancelled while it runs: the replica that has it stops, and nothing is delivered', async () => {
    await product.fleet().control.setFaults({ nodes: [{ kind: 'hold', classType: 'ImageAddNoise' }] });
    const id = await submit(anna, picture());
    await until('the job to run', async () => (await anna.api.jobs.get.query({ id })).status === 'running');
    const running = (await product.fleet().control.state()).replicas.flatMap((replica) => replica.running ?? []);
    expect(running).toHaveLength(1);
    expect(await anna.api.jobs.cancel.mutate({ id })).toMatchObject({
      status: 'cancelled',
      reason: 'cancelled',
      message: 'Cancelled.',
    });
    const stopped = await until('the replica to stop', async () =>
      (await executed()).find(({ promptId }) => promptId === running[0]),
    );
    expect(stopped.outcome).toBe('interrupted');
    await product.fleet().control.setFaults({ nodes: [] });
    expect(await product.filesOf(anna)).toEqual([]);
    expect(await anna.api.jobs.get.query({ id })).toMatchObject({ status: 'cancelled', results: [] });
  });

  test('nothing went wrong meanwhile', () => {
    expect(product.wentWrong()).toEqual([]);
  });
});
