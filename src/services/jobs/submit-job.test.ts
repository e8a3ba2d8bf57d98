import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#src/domain/user.ts';
import { graph, openStage, type Stage } from '../stage.testing.ts';
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
    expect(await stage.deps.jobs.waitingCount(anna.userId)).toBe(0);
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
    expect(await submit(`before ${code}`)).toEqual({ job: first.job, isNew: false });
    await stage.deps.settings.change({ waitingCap: 500, intakePaused: false });
    expect((await submit(`after ${code}`)).isNew).toBe(true);
  });

  test('when the disk is full, likewise', async () => {
    const first = await submit('before full');
    const full = { ...stage.deps, gallery: { ...stage.deps.gallery, freeBytes: async () => 1000 } };
    await expect(submit('after full', full)).rejects.toMatchObject({ code: 'storage_full' });
    expect(await submit('before full', full)).toEqual({ job: first.job, isNew: false });
  });
});
