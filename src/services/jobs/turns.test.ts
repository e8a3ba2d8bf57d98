import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { graph, openStage, type Stage } from '../stage.testing.ts';
import { claimJob } from './claim-job.ts';
import { submitJob } from './submit-job.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** How often the event loop turned while `work` was under way. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    if (isOver) return;
    turns += 1;
    setImmediate(count);
  };
  setImmediate(count);
  await work();
  isOver = true;
  return turns;
}

test.runIf(inject('postgresql') === null)(
  'SQLite settles without a turn of the event loop, so whoever does much between its answers has to make one',
  async () => {
    expect(await turnsDuring(() => stage.deps.jobs.counts())).toBe(0);
  },
);

test('other requests are read while a graph is accepted, and while it is prepared for a worker', async () => {
  const ada = await stage.actor('Ada');
  const endpointId = stage.endpoint.id;
  let jobId = '';
  const submitting = await turnsDuring(async () => {
    jobId = (await submitJob(stage.deps, ada, { prompt: graph })).job.id;
  });
  const claiming = await turnsDuring(() => claimJob(stage.deps, { jobId, userId: ada.userId, endpointId }));
  // One is that of the transaction.
  expect(submitting).toBeGreaterThanOrEqual(1 + 3);
  expect(claiming).toBeGreaterThanOrEqual(1 + 4);
});
