import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSealer } from '#src/adapters/auth/sealer.ts';
import type { NodeErrors } from '#src/domain/errors.ts';
import { NODES, testCatalogue } from '#src/domain/node-catalogue/catalogue.testing.ts';
import type { Actor } from '#src/domain/users/user.ts';
import { toGraphJson } from '#src/domain/workflow/graph-json.ts';
import { JOB_KEY } from '#src/domain/workflow/rewrite.ts';
import type { Answer } from '#src/ports/worker.ts';
import { graph, openStage, type Stage } from '../stage.testing.ts';
import { claimJob } from './claim-job.ts';
import { sendJob } from './send-job.ts';
import { submitJob } from './submit-job.ts';

const never = new AbortController().signal;
const two = { ...graph, '8': { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'other' } } };
const faultOf = (outputs: string[]): NodeErrors => ({
  '1': {
    class_type: 'EmptyImage',
    dependent_outputs: outputs,
    errors: [{ type: 'value_smaller_than_min', message: 'Too small', details: 'width', extra_info: {} }],
  },
});

describe('sending', () => {
  let stage: Stage;
  let anna: Actor;
  beforeAll(async () => {
    stage = await openStage();
    anna = await stage.actor('Anna');
  });
  beforeEach(() => {
    stage.stopped.length = 0;
    stage.fired.length = 0;
  });
  afterAll(() => stage.close());

  const claim = (jobId: string) => claimJob(stage.deps, { jobId, userId: anna.userId, endpointId: stage.endpoint.id });
  /** Submits, claims and fires one job; the worker answers so. */
  async function send(answer: Answer, prompt: object = graph) {
    const { job } = await submitJob(stage.deps, anna, { prompt, workflow: { nodes: [1] } });
    const claimed = await claim(job.id);
    if (!claimed) throw new Error('not claimed');
    stage.worker.answer = answer;
    await sendJob(stage.deps, stage.endpoint, claimed, never);
    const after = await stage.deps.jobs.find(job.id);
    const attempt = (await stage.deps.jobs.newestAttempts([job.id])).get(job.id);
    if (!after || !attempt) throw new Error('gone');
    return { job: after, attempt, claimed };
  }

  test('what the operator allows beside the graph goes to the worker, also when it is sent again, and is forgotten at the end', async () => {
    const { jobs, settings } = stage.deps;
    await settings.change({ allowedExtraData: ['api_key_comfy_org'] });
    const extraData = { api_key_comfy_org: 'secret-1' };
    const { job } = await submitJob(stage.deps, anna, { prompt: graph, extraData });
    const first = await claim(job.id);
    stage.worker.answer = { type: 'unreachable', httpStatus: null, message: 'gone' };
    await sendJob(stage.deps, stage.endpoint, first!, never);
    const second = await claim(job.id);
    stage.worker.answer = { type: 'refused', httpStatus: 400, message: 'No.', nodeErrors: {} };
    await sendJob(stage.deps, stage.endpoint, second!, never);
    expect(stage.fired.map((prompt) => prompt.extraData)).toEqual([extraData, extraData]);
    expect(JSON.stringify(stage.fired.map(({ prompt, extraPnginfo }) => [prompt, extraPnginfo]))).not.toContain(
      'secret',
    );
    expect((await jobs.find(job.id))?.status).toBe('failed');
    expect(await jobs.extraData(job.id)).toBeNull();
    await settings.change({ allowedExtraData: [] });
  });

  test('after a restart no key of a Comfy account is left: the job ends before it is sent, unless its nodes need none', async () => {
    const { jobs, settings } = stage.deps;
    await settings.change({ allowedExtraData: ['api_key_comfy_org', 'own'] });
    const restarted = (classes: object) => ({
      ...stage.deps,
      sealer: createSealer(),
      nodeCatalogues: { of: async () => testCatalogue(JSON.stringify(classes)) },
    });
    const submitted = async (extraData: Record<string, unknown>): Promise<string> =>
      (await submitJob(stage.deps, anna, { prompt: graph, extraData })).job.id;
    const claimFrom = async (deps: Parameters<typeof claimJob>[0], extraData: Record<string, unknown>) => {
      const jobId = await submitted(extraData);
      const claimed = await claimJob(deps, { jobId, userId: anna.userId, endpointId: stage.endpoint.id });
      return { claimed, job: await jobs.find(jobId) };
    };
    const key = { api_key_comfy_org: 'secret-1', own: 2 };
    const forgotten = { claimed: null, job: { status: 'failed', reason: 'key_forgotten', attemptCount: 0 } };
    const needing = { ...NODES, EmptyImage: { ...NODES.EmptyImage, api_node: true } };
    expect(await claimFrom({ ...stage.deps, sealer: createSealer() }, key)).toMatchObject(forgotten);
    expect(await claimFrom(restarted(needing), key)).toMatchObject(forgotten);
    const { claimed } = await claimFrom(restarted(NODES), key);
    expect(claimed?.prompt.extraData).toEqual({ own: 2 });
    const { claimed: open } = await claimFrom(restarted(needing), { own: 3 });
    expect(open?.prompt.extraData).toEqual({ own: 3 });
    await settings.change({ allowedExtraData: [] });
  });

  test('a preview that a worker refuses is told by the node that shows it', async () => {
    const prompt = {
      ...graph,
      '5': { class_type: 'ImageCompare', inputs: { image_a: ['1', 0], image_b: ['1', 0] } },
    };
    const { job } = await submitJob(stage.deps, anna, { prompt });
    const claimed = await claim(job.id);
    const sender = claimed?.plan.saves.find(({ senderId }) => senderId !== undefined)?.senderId ?? '';
    expect(sender).not.toBe('');
    stage.worker.answer = { type: 'accepted', httpStatus: 200, nodeErrors: faultOf([sender]) };
    await sendJob(stage.deps, stage.endpoint, claimed!, never);
    expect((await stage.deps.jobs.find(job.id))?.nodeErrors?.['1']?.dependent_outputs).toEqual(['5']);
    const plan = (await stage.deps.jobs.newestAttempts([job.id])).get(job.id)?.plan;
    expect(plan?.saves.map(({ nodeId }) => nodeId)).toEqual(['9', '5']);
  });

  test('a job is claimed once, and fired with the id of its attempt, its own graph rewritten, and its id for the files', async () => {
    const { job, attempt, claimed } = await send({ type: 'accepted', httpStatus: 200, nodeErrors: {} });
    expect(job).toMatchObject({ status: 'dispatched', nodeErrors: null, attemptCount: 1 });
    expect(attempt).toMatchObject({
      id: claimed.prompt.promptId,
      answer: 'accepted',
      httpStatus: 200,
      answeredAt: stage.time.now,
      plan: { folder: `comfyume/${claimed.prompt.promptId}`, saves: [{ nodeId: '9' }] },
    });
    expect(stage.fired).toHaveLength(1);
    expect(stage.fired[0]?.extraPnginfo).toEqual({ workflow: { nodes: [1] }, [JOB_KEY]: job.id });
    expect(stage.fired[0]?.prompt['9']?.inputs.filename_prefix).toContain(attempt.id);
    expect(await claim(job.id)).toBeNull();
  });

  test('a seed that JavaScript has rounded before it came is sent and kept as it came', async () => {
    const whole = '18446744073709551615';
    const prompt: unknown = JSON.parse(JSON.stringify(graph).replace('"inputs":{', `"inputs":{"seed":${whole},`));
    const { job } = await send({ type: 'accepted', httpStatus: 200, nodeErrors: {} }, Object(prompt));
    const rounded = '"seed":18446744073709552000';
    expect(toGraphJson(stage.fired[0]?.prompt)).toContain(rounded);
    expect((await stage.deps.jobs.graph(job.id))?.prompt).toContain(rounded);
  });

  test('accepted in part: what is left is expected, what was refused is told', async () => {
    const { job, attempt } = await send({ type: 'accepted', httpStatus: 200, nodeErrors: faultOf(['8']) }, two);
    expect(job).toMatchObject({ status: 'dispatched', nodeErrors: faultOf(['8']) });
    expect(attempt.plan.saves.map(({ nodeId }) => nodeId)).toEqual(['9']);
    expect(stage.stopped).toEqual([]);
  });

  test('accepted for the sake of our own marker alone: stopped, and told as a refusal', async () => {
    const { job, attempt } = await send({ type: 'accepted', httpStatus: 200, nodeErrors: faultOf(['8', '9']) }, two);
    expect(job).toMatchObject({
      status: 'failed',
      reason: 'rejected_by_worker',
      message: 'ComfyUI could not use this workflow. EmptyImage: Too small (width)',
      nodeErrors: faultOf(['8', '9']),
    });
    expect(stage.stopped).toEqual([attempt.id]);
  });

  test('refused: the end, in the worker’s words, without the nodes that were added', async () => {
    const { job } = await send({
      type: 'refused',
      httpStatus: 400,
      message: 'Prompt outputs failed validation',
      nodeErrors: faultOf(['9', 'comfyume_finished0']),
    });
    expect(job).toMatchObject({
      status: 'failed',
      reason: 'rejected_by_worker',
      message: 'ComfyUI could not use this workflow. EmptyImage: Too small (width)',
      nodeErrors: faultOf(['9']),
    });
    const bare = await send({
      type: 'refused',
      httpStatus: 400,
      message: 'Cannot execute because node X does not exist.',
      nodeErrors: {},
    });
    expect(bare.job.message).toBe('ComfyUI could not use this workflow. Cannot execute because node X does not exist.');
  });

  test('no clear answer: it is watched for, and not sent again', async () => {
    const { job, attempt } = await send({ type: 'unknown', httpStatus: 504, message: 'gateway' });
    expect(job.status).toBe('dispatched');
    expect(attempt).toMatchObject({ answer: 'unknown', httpStatus: 504 });
    expect(await claim(job.id)).toBeNull();
  });

  test('out of reach: back in the queue for as long as a start may take, then the end', async () => {
    await stage.deps.settings.change({ maxAttempts: 2 });
    const first = await send({ type: 'unreachable', httpStatus: null, message: 'ECONNREFUSED' });
    expect(first.job).toMatchObject({ status: 'queued', attemptCount: 1, reason: null });
    const again = async (): Promise<string | undefined> => {
      const claimed = await claim(first.job.id);
      if (claimed) await sendJob(stage.deps, stage.endpoint, claimed, never);
      return (await stage.deps.jobs.find(first.job.id))?.status;
    };
    expect([await again(), await again(), await again()]).toEqual(['queued', 'queued', 'queued']);
    stage.time.now += 10 * 60_000;
    expect(await again()).toBe('failed');
    expect(await stage.deps.jobs.find(first.job.id)).toMatchObject({
      reason: 'endpoint_unreachable',
      message: 'No GPU could be reached. We tried 5 times. Your workflow is safe.',
    });
  });

  test('busy: in the queue as though it had never been sent, and the endpoint is left alone for as long as it asked', async () => {
    const { job } = await submitJob(stage.deps, anna, { prompt: graph });
    const waits = await stage.deps.jobs.find(job.id);
    const served = async () => (await stage.deps.jobs.queue()).lastServed.get(anna.userId);
    const before = await served();
    const first = await claim(job.id);
    stage.worker.answer = { type: 'busy', httpStatus: 503, retryAfter: '30', message: 'gpu answered 503' };
    if (first) await sendJob(stage.deps, stage.endpoint, first, never);
    expect(await stage.deps.jobs.find(job.id)).toEqual(waits);
    expect(await stage.deps.jobs.tries(job.id)).toEqual([]);
    expect(await served()).toBe(before);
    expect(stage.busy).toEqual([{ endpointId: stage.endpoint.id, until: stage.time.now + 30_000 }]);
    expect(stage.emptied).toEqual([first?.plan.folder]);

    const second = await claim(job.id);
    stage.worker.answer = { type: 'accepted', httpStatus: 200, nodeErrors: {} };
    if (second) await sendJob(stage.deps, stage.endpoint, second, never);
    expect(await stage.deps.jobs.find(job.id)).toMatchObject({ status: 'dispatched', attemptCount: 1 });
    expect(await stage.deps.jobs.tries(job.id)).toHaveLength(1);
    expect(await stage.deps.db.generationMetadata.count({ where: { jobId: job.id } })).toBe(1);
  });

  test('busy, and yet it has shown life: it was taken', async () => {
    const { job } = await submitJob(stage.deps, anna, { prompt: graph });
    const claimed = await claim(job.id);
    const attemptId = claimed?.prompt.promptId ?? '';
    await stage.deps.jobs.start({ jobId: job.id, attemptId, now: stage.time.now });
    stage.worker.answer = { type: 'busy', httpStatus: 429, retryAfter: null, message: '' };
    if (claimed) await sendJob(stage.deps, stage.endpoint, claimed, never);
    expect(await stage.deps.jobs.find(job.id)).toMatchObject({ status: 'running', attemptCount: 1 });
    expect((await stage.deps.jobs.newestAttempts([job.id])).get(job.id)).toMatchObject({
      id: attemptId,
      answer: 'unknown',
      httpStatus: 429,
    });
  });

  test('an answer that comes after the job was cancelled changes nothing', async () => {
    for (const answer of [
      { type: 'accepted', httpStatus: 200, nodeErrors: {} },
      { type: 'refused', httpStatus: 400, message: '', nodeErrors: {} },
      { type: 'unreachable', httpStatus: null, message: '' },
      { type: 'busy', httpStatus: 429, retryAfter: null, message: '' },
    ] satisfies Answer[]) {
      const { job } = await submitJob(stage.deps, anna, { prompt: graph });
      const claimed = await claim(job.id);
      await stage.deps.jobs.cancel({ jobId: job.id, now: stage.time.now });
      const before = await stage.deps.jobs.find(job.id);
      stage.worker.answer = answer;
      if (claimed) await sendJob(stage.deps, stage.endpoint, claimed, never);
      expect(await stage.deps.jobs.find(job.id)).toEqual(before);
    }
  });

  test('a graph that this version refuses ends its job, and does not hold up the line', async () => {
    const { job } = await submitJob(stage.deps, anna, { prompt: graph });
    await stage.deps.db.graph.update({
      where: { jobId: job.id },
      data: {
        prompt: JSON.stringify({
          '9': { class_type: 'SaveImage', inputs: { images: ['77', 0], filename_prefix: 'x' } },
        }),
      },
    });
    expect(await claim(job.id)).toBeNull();
    expect(await stage.deps.jobs.find(job.id)).toMatchObject({
      status: 'failed',
      reason: 'invalid_graph',
      message: expect.stringContaining('node 77'),
      nodeErrors: { '9': { class_type: 'SaveImage' } },
    });
  });
});
