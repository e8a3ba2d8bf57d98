import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JobStatus } from '#src/domain/jobs/job.ts';
import type { Actor } from '#src/domain/users/user.ts';
import { claimJob } from '#src/services/jobs/claim-job.ts';
import { sendJob } from '#src/services/jobs/send-job.ts';
import { submitJob } from '#src/services/jobs/submit-job.ts';
import { graph, openStage, type Stage } from '#src/services/stage.testing.ts';
import { createEndings } from './attempt-endings.ts';

let stage: Stage;
let anna: Actor;
beforeAll(async () => {
  stage = await openStage();
  anna = await stage.actor('Anna');
});
afterAll(() => stage.close());

/** A job that was sent once, and what becomes of it where a failure there is counted. */
async function sentJob() {
  const { job } = await submitJob(stage.deps, anna, { prompt: graph });
  const counted: { kind: string; status: JobStatus | undefined }[] = [];
  const deps = {
    ...stage.deps,
    breakers: {
      ...stage.deps.breakers,
      failed: async (_: string, kind: string) => {
        counted.push({ kind, status: (await stage.deps.jobs.find(job.id))?.status });
      },
      worked: async () => undefined,
    },
  };
  const claim = await claimJob(stage.deps, { jobId: job.id, userId: anna.userId, endpointId: stage.endpoint.id });
  if (!claim) throw new Error('not claimed');
  return { deps, claim, counted };
}

test('an endpoint cools down before the job of a lost attempt is back in the queue', async () => {
  const { deps, claim, counted } = await sentJob();
  const [watched] = await stage.deps.jobs.watched({ since: 0, jobIds: [claim.job.id] });
  if (!watched) throw new Error('not watched');
  const endings = createEndings(
    { ...deps, inTurn: (_, task) => task() },
    { deliver: () => Promise.reject(new Error('nothing is delivered here')) },
  );
  await endings.lose(watched, 'lost', 'The replica went away.');
  expect(counted).toEqual([{ kind: 'lost', status: 'dispatched' }]);
  expect((await stage.deps.jobs.find(claim.job.id))?.status).toBe('queued');
});

test('and before the job is back that could not be sent', async () => {
  const { deps, claim, counted } = await sentJob();
  stage.worker.answer = { type: 'unreachable', httpStatus: null, message: 'No connection.' };
  await sendJob(deps, stage.endpoint, claim, new AbortController().signal);
  expect(counted).toEqual([{ kind: 'unreachable', status: 'dispatched' }]);
  expect((await stage.deps.jobs.find(claim.job.id))?.status).toBe('queued');
});
