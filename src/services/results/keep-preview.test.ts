import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { HOUR_MS } from '#src/domain/file-facts.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { Result } from '#src/ports/results.ts';
import { claimJob } from '../jobs/claim-job.ts';
import { submitJob } from '../jobs/submit-job.ts';
import { graph, openStage, type Stage } from '../stage.testing.ts';
import { deleteRemoved } from './delete-removed.ts';
import { deliverFile } from './deliver-file.ts';
import { expirePreviews } from './expire-previews.ts';
import { keepPreview } from './keep-preview.ts';

describe('keeping a preview', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  beforeEach(() => {
    stage.duplicated.length = 0;
    stage.discarded.length = 0;
  });
  afterAll(() => stage.close());

  async function delivered(): Promise<{ actor: Actor; folder: string; preview: Result }> {
    const actor = await stage.actor(randomUUID());
    const { job } = await submitJob(stage.deps, actor, { prompt: graph });
    await claimJob(stage.deps, { jobId: job.id, userId: actor.userId, endpointId: stage.endpoint.id });
    const one = (await stage.deps.jobs.watched({ since: 0 })).find((watched) => watched.job.id === job.id);
    if (!one) throw new Error('not watched');
    const file = { path: '0/shot_00001_.png', bytes: 100, mtimeMs: 0 };
    const owner = { nodeId: '9', name: 'shot_00001_.png', isPreview: true, unfinished: false };
    await deliverFile(stage.deps, one, file, owner);
    const [preview] = await stage.deps.results.ofJobs([job.id]);
    if (!preview) throw new Error('no preview');
    return { actor, folder: one.ownerFolder, preview };
  }

  test('it gets a name among the results, and its file goes there', async () => {
    const { actor, folder, preview } = await delivered();
    const kept = await keepPreview(stage.deps, actor, preview.id);
    expect(kept).toMatchObject({ id: preview.id, preview: false, path: `${folder}/shot_00001_.png` });
    expect(stage.duplicated).toEqual([[`${folder}/.previews/shot_00001_.png`, `${folder}/shot_00001_.png`]]);
    expect(stage.discarded).toEqual([`${folder}/.previews/shot_00001_.png`]);
    expect(await keepPreview(stage.deps, actor, preview.id)).toEqual(kept);
    expect(stage.duplicated).toHaveLength(1);
  });

  test.each(['reserve', 'duplicate', 'keep', 'discard'] as const)(
    'broken off after %s, doing it again goes on',
    async (step) => {
      const { actor, folder, preview } = await delivered();
      const crash = new Error('the process was killed');
      const { results, gallery } = stage.deps;
      const dying =
        <Input extends readonly unknown[]>(method: (...input: Input) => Promise<unknown>) =>
        async (...input: Input): Promise<never> => {
          await method(...input);
          throw crash;
        };
      const deps = { ...stage.deps, results: { ...results }, gallery: { ...gallery } };
      if (step === 'reserve') deps.results.reserve = dying(results.reserve);
      if (step === 'duplicate') deps.gallery.duplicate = dying(gallery.duplicate);
      if (step === 'keep') deps.results.keep = dying(results.keep);
      if (step === 'discard') deps.gallery.discard = dying(gallery.discard);
      await expect(keepPreview(deps, actor, preview.id)).rejects.toBe(crash);
      expect(await keepPreview(stage.deps, actor, preview.id)).toMatchObject({
        preview: false,
        path: `${folder}/shot_00001_.png`,
      });
      expect(await results.ofJobs([preview.jobId])).toHaveLength(1);
    },
  );

  test('from two tabs at once, it is kept once', async () => {
    const { actor, folder, preview } = await delivered();
    const both = await Promise.all([1, 2].map(() => keepPreview(stage.deps, actor, preview.id)));
    for (const kept of both) expect(kept.path).toBe(`${folder}/shot_00001_.png`);
    expect(stage.discarded).not.toContain(`${folder}/shot_00001_.png`);
  });

  test('only by its owner, and only while it is there', async () => {
    const { actor, preview } = await delivered();
    const other = await stage.actor(randomUUID(), 'operator');
    await expect(keepPreview(stage.deps, other, preview.id)).rejects.toMatchObject({ code: 'not_found' });
    await stage.deps.results.trash(actor.userId, [preview.id], stage.time.now);
    await expect(keepPreview(stage.deps, actor, preview.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('what is not kept is deleted when its time has come, file and row', async () => {
    const [kept, left] = [await delivered(), await delivered()];
    await keepPreview(stage.deps, kept.actor, kept.preview.id);
    await stage.deps.settings.change({ keepPreviewsHours: 2 });
    stage.time.now += 2 * HOUR_MS;
    await expirePreviews(stage.deps);
    expect(await deleteRemoved(stage.deps)).toBe(0);
    stage.time.now += 1;
    await expirePreviews(stage.deps);
    stage.discarded.length = 0;
    expect(await deleteRemoved(stage.deps)).toBeGreaterThan(0);
    expect(stage.discarded).toContain(left.preview.path);
    expect(stage.discarded).not.toContain(`${kept.folder}/shot_00001_.png`);
    expect(await stage.deps.results.find(left.preview.id)).toBeNull();
    expect(await stage.deps.results.find(kept.preview.id)).not.toBeNull();
  });
});
