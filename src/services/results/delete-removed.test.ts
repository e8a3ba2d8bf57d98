import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { RESTORABLE_MS } from '#src/domain/file-facts.ts';
import type { Signal } from '#src/ports/events.ts';
import { claimJob } from '../jobs/claim-job.ts';
import { submitJob } from '../jobs/submit-job.ts';
import { graph, openStage, type Stage } from '../stage.testing.ts';
import { deleteRemoved } from './delete-removed.ts';
import { deliverFile } from './deliver-file.ts';

describe('deleting what was moved to the trash', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  beforeEach(() => {
    stage.discarded.length = 0;
    stage.undone.length = 0;
  });
  afterAll(() => stage.close());

  async function delivered() {
    const actor = await stage.actor(randomUUID());
    const { job } = await submitJob(stage.deps, actor, { prompt: graph });
    await claimJob(stage.deps, { jobId: job.id, userId: actor.userId, endpointId: stage.endpoint.id });
    const one = (await stage.deps.jobs.watched({ since: 0 })).find((watched) => watched.job.id === job.id);
    if (!one) throw new Error('not watched');
    const file = { path: '0/shot_00001_.png', bytes: 100, mtimeMs: 0 };
    await deliverFile(stage.deps, one, file, {
      nodeId: '9',
      name: 'shot_00001_.png',
      isPreview: false,
      unfinished: false,
    });
    const [result] = await stage.deps.results.ofJobs([job.id]);
    if (!result) throw new Error('no result');
    return { userId: actor.userId, id: result.id, path: result.path };
  }
  const trash = ({ userId, id }: { userId: string; id: string }) =>
    stage.deps.results.trash(userId, [id], stage.time.now);
  const restore = ({ userId, id }: { userId: string; id: string }) => stage.deps.results.trash(userId, [id], null);

  test('not before its time, and then file, what was made from it, and row', async () => {
    const [one, kept] = [await delivered(), await delivered()];
    await trash(one);
    stage.time.now += RESTORABLE_MS - 1;
    expect(await deleteRemoved(stage.deps)).toBe(0);
    expect(await restore(one)).toBe(1);
    await trash(one);
    stage.time.now += RESTORABLE_MS + 1;
    const message: Signal[] = [];
    const unlisten = stage.deps.bus.listen((signal) => void message.push(signal));
    expect(await deleteRemoved(stage.deps)).toBe(1);
    unlisten();
    expect([stage.discarded, stage.undone]).toEqual([[one.path], [one.id]]);
    expect(await stage.deps.results.find(one.id)).toBeNull();
    expect(await restore(one)).toBe(0);
    expect(message).toEqual([{ type: 'results.changed', userId: one.userId, ids: [one.id], wall: false }]);
    expect(await stage.deps.results.find(kept.id)).not.toBeNull();
    expect(await deleteRemoved(stage.deps)).toBe(0);
  });

  test.each(['giveUp', 'discardDerived', 'discard', 'forget'] as const)(
    'broken off after %s, the next time goes on',
    async (step) => {
      const one = await delivered();
      await trash(one);
      stage.time.now += RESTORABLE_MS + 1;
      const errors: string[] = [];
      const { results, gallery, log } = stage.deps;
      const deps = {
        ...stage.deps,
        results: { ...results },
        gallery: { ...gallery },
        log: { ...log, error: (_: object, message: string) => void errors.push(message) },
      };
      const crash = new Error('the process was killed');
      if (step === 'giveUp')
        deps.results.giveUp = async (...asked) => {
          await results.giveUp(...asked);
          throw crash;
        };
      if (step === 'forget')
        deps.results.forget = async (...asked) => {
          await results.forget(...asked);
          throw crash;
        };
      if (step === 'discard' || step === 'discardDerived')
        deps.gallery[step] = async (asked) => {
          await gallery[step](asked);
          throw crash;
        };
      expect(await deleteRemoved(deps)).toBe(0);
      expect(errors).toHaveLength(1);
      expect(await results.find(one.id)).toBeNull();
      expect(await restore(one)).toBe(0);
      expect(await deleteRemoved(stage.deps)).toBe(step === 'forget' ? 0 : 1);
      expect(await results.removedBefore(stage.time.now, 10)).toEqual([]);
      expect(new Set(stage.discarded)).toEqual(new Set([one.path]));
    },
  );

  test('one that is restored at the last moment stays', async () => {
    const one = await delivered();
    await trash(one);
    stage.time.now += RESTORABLE_MS + 1;
    const { results } = stage.deps;
    const removedBefore: typeof results.removedBefore = async (...asked) => {
      const found = await results.removedBefore(...asked);
      await restore(one);
      return found;
    };
    expect(await deleteRemoved({ ...stage.deps, results: { ...results, removedBefore } })).toBe(0);
    expect(stage.discarded).toEqual([]);
    expect(await results.find(one.id)).toMatchObject({ id: one.id, removedAt: null });
  });

  test('one that cannot be deleted does not keep the others', async () => {
    const [stuck, other] = [await delivered(), await delivered()];
    await trash(stuck);
    stage.time.now += 1;
    await trash(other);
    stage.time.now += RESTORABLE_MS + 1;
    const discard = async (path: string) => {
      if (path === stuck.path) throw new Error('the disk does not let go');
      await stage.deps.gallery.discard(path);
    };
    expect(await deleteRemoved({ ...stage.deps, gallery: { ...stage.deps.gallery, discard } })).toBe(1);
    expect(stage.discarded).toEqual([other.path]);
    expect(await deleteRemoved(stage.deps)).toBe(1);
  });
});
