import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#src/domain/users/user.ts';
import { graph, openStage, type Stage } from '../stage.testing.ts';
import { extraDataOf } from './extra-data-of.ts';
import { submitJob } from './submit-job.ts';

describe('submitting', () => {
  let stage: Stage;
  let anna: Actor;
  beforeAll(async () => {
    stage = await openStage();
    anna = await stage.actor('Anna');
  });
  afterAll(() => stage.close());
  const submit = (clientRequestId?: string, deps = stage.deps) =>
    submitJob(deps, anna, { prompt: graph, clientRequestId });

  test('what is wrong on every worker is refused, and nothing is stored', async () => {
    await expect(submitJob(stage.deps, anna, { prompt: {} })).rejects.toMatchObject({ code: 'invalid_graph' });
    await expect(submitJob(stage.deps, anna, { prompt: { '1': graph['1'] } })).rejects.toMatchObject({
      code: 'invalid_graph',
      nodeErrors: {},
    });
    expect((await stage.deps.jobs.counts()).waiting).toBe(0);
  });

  const saving = (class_type: string, inputs: Record<string, unknown>) => ({ ...graph, n: { class_type, inputs } });
  test('outputs that cannot come back are named, and the job goes on with the rest', async () => {
    const { job } = await submitJob(stage.deps, anna, {
      prompt: saving('Save Text File', { path: 'x', filename_prefix: 'y' }),
    });
    const warning = { nodeId: 'n', classType: 'Save Text File', message: expect.stringContaining('not shared') };
    expect(job.warnings).toEqual([warning]);
    expect((await stage.deps.jobs.find(job.id))?.warnings).toEqual([warning]);
  });

  test('a graph of which nothing comes back is refused, with the reason for each node', async () => {
    const prompt = { n: { class_type: 'Save Text File', inputs: {} }, m: { class_type: 'LatentSender', inputs: {} } };
    await expect(submitJob(stage.deps, anna, { prompt })).rejects.toMatchObject({
      code: 'invalid_graph',
      message: expect.stringMatching(/saves nothing.*Save Text File \(node n\).*not shared.*LatentSender \(node m\)/),
    });
  });

  test('previews alone are enough', async () => {
    const prompt = { ...graph, '9': { class_type: 'PreviewImage', inputs: { images: ['1', 0] } } };
    expect((await submitJob(stage.deps, anna, { prompt })).job.warnings).toEqual([]);
  });

  test('what only newer workers can save is taken: which worker will run it is not known yet', async () => {
    const prompt = { ...graph, '9': { class_type: 'Preview3DAdvanced', inputs: { model_3d: ['1', 0] } } };
    expect((await submitJob(stage.deps, anna, { prompt })).job.warnings).toEqual([]);
  });

  test('extra_data that the operator allows is kept until the job ends, the rest is dropped and told', async () => {
    const { jobs, settings } = stage.deps;
    const extraData = { api_key_comfy_org: 'secret-1', more: 'secret-2' };
    const dropped = await submitJob(stage.deps, anna, { prompt: graph, extraData });
    expect(await jobs.extraData(dropped.job.id)).toBeNull();
    expect(dropped.job.warnings[0]?.message).toContain('“api_key_comfy_org”, “more”');
    const deep = Array.from({ length: 50 }).reduce((inner) => [inner], 1);
    await expect(submitJob(stage.deps, anna, { prompt: graph, extraData: { deep } })).rejects.toThrow(
      'extra_data is nested',
    );
    await settings.change({ allowedExtraData: ['api_key_comfy_org'] });
    const { job } = await submitJob(stage.deps, anna, { prompt: graph, extraData });
    expect(await extraDataOf(stage.deps, job.id)).toEqual({
      data: { api_key_comfy_org: 'secret-1' },
      isWhole: true,
    });
    const row = await stage.deps.db.graph.findUnique({ where: { jobId: job.id } });
    expect(row?.extraData).toMatch(/^\{"_sealed":/);
    expect(JSON.stringify([job, row])).not.toMatch(/secret/);
    await jobs.cancel({ jobId: job.id, now: stage.time.now });
    expect(await jobs.extraData(job.id)).toBeNull();
    await settings.change({ allowedExtraData: [] });
  });

  test('a title without letters is as none', async () => {
    const titled = async (title?: string) => (await submitJob(stage.deps, anna, { prompt: graph, title })).job.title;
    expect([await titled(), await titled('  \u0007 '), await titled(' A\u0000 film ')]).toEqual([
      'Untitled',
      'Untitled',
      'A film',
    ]);
  });

  const closed = [
    [
      'as many as one may have are in line',
      'too_many_jobs',
      (deps: Stage['deps']) => deps.settings.change({ waitingCap: 1 }),
    ],
    ['the queue is closed', 'conflict', (deps: Stage['deps']) => deps.settings.change({ intakePaused: true })],
  ] as const;
  test.each(closed)('when %s, new ones are refused, and one that was taken is given again', async (_, code, close) => {
    const first = await submit(`before ${code}`);
    await close(stage.deps);
    await expect(submit()).rejects.toMatchObject({ code });
    await expect(submit(`after ${code}`)).rejects.toMatchObject({ code });
    expect(await submit(`before ${code}`)).toMatchObject({ job: first.job, isNew: false });
    await stage.deps.settings.change({ waitingCap: 500, intakePaused: false });
    expect((await submit(`after ${code}`)).isNew).toBe(true);
  });

  test('when the disk is full, likewise', async () => {
    const first = await submit('before full');
    const full = { ...stage.deps, diskSpace: { full: async () => ({ dir: '/data', free: 1000 }) } };
    await expect(submit('after full', full)).rejects.toMatchObject({ code: 'storage_full' });
    expect(await submit('before full', full)).toMatchObject({ job: first.job, isNew: false });
  });
});
