import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimJob } from '../jobs/claim-job.ts';
import { submitJob } from '../jobs/submit-job.ts';
import { deliverFile } from '../results/deliver-file.ts';
import { graph, openStage, type Stage } from '../stage.testing.ts';
import { cleanUp, planCleanUp } from './clean-up.ts';

const DAY_MS = 86_400_000;
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

async function delivered(userId: string, isPreview = false): Promise<string> {
  const actor = { userId, name: '', role: 'participant' } as const;
  const { job } = await submitJob(stage.deps, actor, { prompt: graph });
  await claimJob(stage.deps, { jobId: job.id, userId, endpointId: stage.endpoint.id });
  const one = (await stage.deps.jobs.watched({ since: 0 })).find((watched) => watched.job.id === job.id);
  if (!one) throw new Error('not watched');
  const file = { path: '0/shot_00001_.png', bytes: 600_000, mtimeMs: 0 };
  await deliverFile(stage.deps, one, file, { nodeId: '9', name: 'shot_00001_.png', isPreview, unfinished: false });
  const [result] = await stage.deps.results.ofJobs([job.id]);
  if (!result) throw new Error('no result');
  return result.id;
}
const removed = async (id: string): Promise<boolean> => (await stage.deps.results.find(id))?.removedAt !== null;

test('what is due goes, what is kept stays, and all of it can be restored at once', async () => {
  const { userId } = await stage.actor(randomUUID());
  const [old, favourite, hung] = [await delivered(userId), await delivered(userId), await delivered(userId)];
  await stage.deps.results.mark(userId, [favourite], { favourite: true });
  await stage.deps.results.hang(userId, [hung], stage.time.now);
  stage.time.now += 2 * DAY_MS;
  const [second, fresh] = [await delivered(userId), await delivered(userId)];
  // A preview counts to nothing here: it goes by a rule of its own.
  await delivered(userId, true);

  expect(await planCleanUp(stage.deps)).toEqual(new Map());
  await stage.deps.settings.change({ keepDays: 1 });
  expect([...(await planCleanUp(stage.deps))].map(([, going]) => going.map(({ id }) => id))).toEqual([[old]]);
  await stage.deps.settings.change({ keepBytesPerParticipant: 1_700_000 });
  stage.time.now += 5;
  const gone = await cleanUp(stage.deps);
  expect(gone).toEqual({ at: stage.time.now, people: 1, files: 3, bytes: 1_800_000 });
  for (const id of [old, second, fresh]) expect(await removed(id)).toBe(true);
  for (const id of [favourite, hung]) expect(await removed(id)).toBe(false);
  expect(await cleanUp(stage.deps)).toMatchObject({ files: 0 });

  expect(await stage.deps.results.restore(gone.at + 1)).toBe(0);
  expect(await stage.deps.results.restore(gone.at)).toBe(3);
  expect((await stage.deps.results.sizes()).get(userId)).toEqual({ files: 5, bytes: 3_000_000 });
});
