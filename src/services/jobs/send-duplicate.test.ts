import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '#src/domain/users/user.ts';
import type { Answer } from '#src/ports/worker.ts';
import { graph, openStage, type Stage } from '../stage.testing.ts';
import { claimJob } from './claim-job.ts';
import { sendDuplicate } from './send-duplicate.ts';
import { sendJob } from './send-job.ts';
import { submitJob } from './submit-job.ts';

const never = new AbortController().signal;
const ACCEPTED: Answer = { type: 'accepted', httpStatus: 200, nodeErrors: {} };
const faultOf = (outputs: string[]) => ({ '1': { class_type: 'EmptyImage', dependent_outputs: outputs, errors: [] } });

describe('sending again', () => {
  let stage: Stage;
  let anna: Actor;
  beforeAll(async () => {
    stage = await openStage();
    anna = await stage.actor('Anna');
  });
  beforeEach(() => {
    stage.fired.length = 0;
    stage.busy.length = 0;
    stage.worker.answer = ACCEPTED;
  });
  afterAll(() => stage.close());

  async function waiting(prompt: object = graph, workflow: unknown = null) {
    const { job } = await submitJob(stage.deps, anna, { prompt, ...(workflow !== null && { workflow }) });
    const claim = await claimJob(stage.deps, { jobId: job.id, userId: anna.userId, endpointId: stage.endpoint.id });
    if (!claim) throw new Error('not claimed');
    await sendJob(stage.deps, stage.endpoint, claim, never);
    return { jobId: job.id, attemptId: claim.prompt.promptId };
  }
  const flightOf = async (jobId: string) => {
    const flight = (await stage.deps.duplicates.flights()).find((one) => one.jobId === jobId);
    if (!flight) throw new Error('not in flight');
    return flight;
  };
  async function again(jobId: string, answer: Answer) {
    stage.worker.answer = answer;
    const deps = {
      ...stage.deps,
      whileSending: <T>(_: string, send: (signal: AbortSignal) => Promise<T>) => send(never),
    };
    return sendDuplicate(deps, stage.endpoint, { flight: await flightOf(jobId), count: 1, replaces: null });
  }

  test('under an id and in a folder of its own; nothing of the job moves', async () => {
    const { jobId, attemptId } = await waiting();
    expect(await flightOf(jobId)).toMatchObject({ isAccepted: true, isRunning: false });
    expect(await again(jobId, ACCEPTED)).toBe(true);
    const [first, second] = stage.fired;
    expect([first?.promptId, second?.promptId]).toEqual([attemptId, expect.not.stringMatching(attemptId)]);
    expect(JSON.stringify(second?.prompt)).toContain(`comfyume/${second?.promptId}`);
    expect(JSON.stringify(second?.prompt)).not.toContain(attemptId);
    expect(second?.extraPnginfo).toEqual(first?.extraPnginfo);
    expect((await flightOf(jobId)).duplicates.map(({ id }) => id)).toEqual([second?.promptId]);
    expect(await stage.deps.jobs.find(jobId)).toMatchObject({ status: 'dispatched', attemptCount: 1 });
  });

  test.each<[string, Answer]>([
    ['refused', { type: 'refused', httpStatus: 400, message: 'No.', nodeErrors: {} }],
    ['unreachable', { type: 'unreachable', httpStatus: null, message: 'gone' }],
    ['busy', { type: 'busy', httpStatus: 429, retryAfter: '7', message: 'later' }],
    ['accepted for our marker only', { type: 'accepted', httpStatus: 200, nodeErrors: faultOf(['9']) }],
  ])('%s: the job goes on as it was, and is not sent again', async (name, answer) => {
    const { jobId } = await waiting();
    expect(await again(jobId, answer)).toBe(false);
    expect((await flightOf(jobId)).duplicates).toEqual([]);
    expect(await stage.deps.jobs.find(jobId)).toMatchObject({ status: 'dispatched', nodeErrors: null });
    expect(stage.busy).toHaveLength(name === 'busy' ? 1 : 0);
  });

  test('a large one is sent once', async () => {
    const { jobId } = await waiting(graph, { text: 'x'.repeat(500_000) });
    expect(await again(jobId, ACCEPTED)).toBe(false);
    expect(stage.fired).toHaveLength(1);
  });

  test('one that has started meanwhile is not', async () => {
    const { jobId, attemptId } = await waiting();
    const flight = await flightOf(jobId);
    await stage.deps.jobs.start({ jobId, attemptId, now: stage.time.now });
    const deps = {
      ...stage.deps,
      whileSending: <T>(_: string, send: (signal: AbortSignal) => Promise<T>) => send(never),
    };
    expect(await sendDuplicate(deps, stage.endpoint, { flight, count: 1, replaces: null })).toBe(true);
    expect(stage.fired).toHaveLength(1);
  });
});
