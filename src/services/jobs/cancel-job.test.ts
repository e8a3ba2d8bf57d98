import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#src/domain/users/user.ts';
import { graph, openStage, type Stage } from '../stage.testing.ts';
import { cancelJob } from './cancel-job.ts';
import { claimJob } from './claim-job.ts';
import { submitJob } from './submit-job.ts';

describe('cancelling', () => {
  let stage: Stage;
  let anna: Actor;
  beforeAll(async () => {
    stage = await openStage();
    anna = await stage.actor('Anna');
  });
  afterAll(() => stage.close());
  const submit = async (): Promise<string> => (await submitJob(stage.deps, anna, { prompt: graph })).job.id;
  const claim = (jobId: string) => claimJob(stage.deps, { jobId, userId: anna.userId, endpointId: stage.endpoint.id });

  test('what waits is gone, and nobody has to be told', async () => {
    const id = await submit();
    expect(await cancelJob(stage.deps, anna, id)).toMatchObject({ id, status: 'cancelled' });
    expect(stage.stopped).toEqual([]);
    expect(await claim(id)).toBeNull();
  });

  test('what was sent is told to stop, once', async () => {
    const id = await submit();
    const sent = await claim(id);
    await cancelJob(stage.deps, anna, id);
    await expect(cancelJob(stage.deps, anna, id)).rejects.toMatchObject({ code: 'conflict' });
    expect(stage.stopped).toEqual([sent?.prompt.promptId]);
  });

  test('what is sent between the look and the end is told to stop too', async () => {
    stage.stopped.length = 0;
    const id = await submit();
    let sent = '';
    const jobs = { ...stage.deps.jobs };
    jobs.cancel = async (end) => {
      sent = (await claim(id))?.prompt.promptId ?? '';
      return stage.deps.jobs.cancel(end);
    };
    await cancelJob({ ...stage.deps, jobs }, anna, id);
    expect(stage.stopped).toEqual([sent]);
  });

  test.each([
    [
      '0.3.40',
      true,
      'Cancelled. This GPU’s ComfyUI is too old to stop a running job: it keeps running in the background.',
    ],
    ['0.3.40', false, 'Cancelled.'],
    ['0.3.64', true, 'Cancelled.'],
    [null, true, 'Cancelled.'],
  ])('on ComfyUI %s, running: %s', async (version, isRunning, message) => {
    stage.version.now = version;
    const id = await submit();
    const sent = await claim(id);
    const step = { jobId: id, attemptId: sent?.prompt.promptId ?? '', now: stage.time.now };
    if (isRunning) await stage.deps.jobs.start(step);
    expect(await cancelJob(stage.deps, anna, id)).toMatchObject({ status: 'cancelled', reason: 'cancelled', message });
  });

  test('somebody else’s is not found; the operator may', async () => {
    const id = await submit();
    await expect(cancelJob(stage.deps, await stage.actor('Ben'), id)).rejects.toMatchObject({
      code: 'not_found',
      message: 'Job not found.',
    });
    await expect(cancelJob(stage.deps, anna, randomUUID())).rejects.toMatchObject({
      code: 'not_found',
      message: 'Job not found.',
    });
    expect(await cancelJob(stage.deps, await stage.actor('Teacher', 'operator'), id)).toMatchObject({
      status: 'cancelled',
    });
  });
});
