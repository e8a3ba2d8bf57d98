import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '#src/domain/errors.ts';
import type { Watched } from '#src/ports/jobs.ts';
import { claimJob } from '../jobs/claim-job.ts';
import { submitJob } from '../jobs/submit-job.ts';
import { graph, openStage, type Stage } from '../stage.testing.ts';
import { deliverFile } from './deliver-file.ts';

const file = { path: '0/shot_00001_.png', bytes: 100, mtimeMs: 0 };
const owner = { nodeId: '9', name: 'shot_00001_.png', isPreview: false, unfinished: false };

describe('delivering', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  beforeEach(() => {
    stage.brought.length = 0;
    stage.discarded.length = 0;
  });
  afterAll(() => stage.close());

  async function watched(): Promise<Watched> {
    const actor = await stage.actor(randomUUID());
    const { job } = await submitJob(stage.deps, actor, { prompt: graph });
    await claimJob(stage.deps, { jobId: job.id, userId: actor.userId, endpointId: stage.endpoint.id });
    const found = (await stage.deps.jobs.watched({ since: 0 })).find((one) => one.job.id === job.id);
    if (!found) throw new Error('not watched');
    return found;
  }
  const resultsOf = ({ job }: Watched) => stage.deps.results.ofJobs([job.id]);

  test('once, however often it is done', async () => {
    const one = await watched();
    for (let n = 0; n < 3; n += 1) await deliverFile(stage.deps, one, file, owner);
    expect(await resultsOf(one)).toMatchObject([
      { jobId: one.job.id, nodeId: '9', path: `${one.ownerFolder}/shot_00001_.png`, bytes: 100, sha256: 'abc' },
    ]);
    expect(stage.brought).toEqual([`${one.ownerFolder}/shot_00001_.png`]);
  });

  test.each(['reserve', 'importFile', 'record'] as const)(
    'broken off after %s, it ends in the same one file',
    async (step) => {
      const one = await watched();
      const crash = new Error('the process was killed');
      const deps = { ...stage.deps, results: { ...stage.deps.results }, gallery: { ...stage.deps.gallery } };
      if (step === 'reserve')
        deps.results.reserve = async (asked) => {
          await stage.deps.results.reserve(asked);
          throw crash;
        };
      if (step === 'importFile')
        deps.gallery.importFile = async (...asked) => {
          await stage.deps.gallery.importFile(...asked);
          throw crash;
        };
      if (step === 'record')
        deps.results.record = async (asked) => {
          await stage.deps.results.record(asked);
          throw crash;
        };
      await expect(deliverFile(deps, one, file, owner)).rejects.toBe(crash);
      await deliverFile(stage.deps, one, file, owner);
      expect(await resultsOf(one)).toHaveLength(1);
      expect(new Set(stage.brought)).toEqual(new Set([`${one.ownerFolder}/shot_00001_.png`]));
    },
  );

  test('what cannot be imported yet keeps its name', async () => {
    const one = await watched();
    const failing = {
      ...stage.deps,
      gallery: {
        ...stage.deps.gallery,
        importFile: () => Promise.reject(new AppError('file_changed', 'still growing')),
      },
    };
    await expect(deliverFile(failing, one, file, owner)).rejects.toMatchObject({ code: 'file_changed' });
    expect(await resultsOf(one)).toEqual([]);
    await deliverFile(stage.deps, one, { ...file, path: '0/shot_00002_.png' }, { ...owner, name: 'shot_00002_.png' });
    await deliverFile(stage.deps, one, file, owner);
    expect((await resultsOf(one)).map(({ path }) => path).sort()).toEqual([
      `${one.ownerFolder}/shot_00001_.png`,
      `${one.ownerFolder}/shot_00002_.png`,
    ]);
  });

  test('an unfinished one comes once, and is replaced when it comes whole', async () => {
    const one = await watched();
    const unfinished = { ...owner, unfinished: true };
    for (let n = 0; n < 2; n += 1) await deliverFile(stage.deps, one, file, unfinished);
    expect(stage.brought).toHaveLength(1);
    expect(await resultsOf(one)).toMatchObject([{ unfinished: true, bytes: 100 }]);
    stage.undone.length = 0;
    await deliverFile(stage.deps, one, { ...file, bytes: 200 }, owner);
    await deliverFile(stage.deps, one, file, unfinished);
    expect(stage.brought).toEqual([`${one.ownerFolder}/shot_00001_.png`, `${one.ownerFolder}/shot_00001_.png`]);
    const results = await resultsOf(one);
    expect(results).toMatchObject([{ unfinished: false, bytes: 200 }]);
    expect(stage.undone).toEqual([results[0]?.id]);
  });

  const auditLog = async (type: string) => {
    const all = { from: null, to: null, subjectId: null, words: null, limit: 200, beforeId: null };
    return (await stage.deps.auditLog.list(all)).filter((act) => act.type === type);
  };

  test('a file that the database does not know stays as it is: the next free name is taken, and audited', async () => {
    const one = await watched();
    const at = (n: number) => `${one.ownerFolder}/shot_0000${n}_.png`;
    for (const n of [1, 2, 3]) stage.unknown.set(at(n), 'somebody’s work');
    await deliverFile(stage.deps, one, file, owner);
    expect(stage.brought).toEqual([at(4)]);
    expect(await resultsOf(one)).toMatchObject([{ path: at(4) }]);
    expect(await auditLog('delivery.renamed')).toMatchObject([
      { actor: null, subjectId: one.job.userId, detail: { path: at(1), instead: at(4) } },
    ]);
    await deliverFile(stage.deps, one, { ...file, path: '0/shot_00002_.png' }, { ...owner, name: 'shot_00002_.png' });
    expect(stage.brought).toEqual([at(4), at(5)]);
    expect(await auditLog('delivery.renamed')).toHaveLength(1);
  });

  test('an unfinished one is replaced only where it is the one that the database knows', async () => {
    const one = await watched();
    const path = `${one.ownerFolder}/shot_00001_.png`;
    await deliverFile(stage.deps, one, file, { ...owner, unfinished: true });
    stage.unknown.set(path, 'abc');
    await deliverFile(stage.deps, one, { ...file, bytes: 200 }, owner);
    expect(await resultsOf(one)).toMatchObject([{ path, unfinished: false }]);

    const other = await watched();
    await deliverFile(stage.deps, other, file, { ...owner, unfinished: true });
    stage.unknown.set(`${other.ownerFolder}/shot_00001_.png`, 'somebody’s work');
    await deliverFile(stage.deps, other, { ...file, bytes: 200 }, owner);
    expect(await resultsOf(other)).toMatchObject([
      { path: `${other.ownerFolder}/shot_00002_.png`, unfinished: false, bytes: 200 },
    ]);
  });

  test('a preview is stored apart', async () => {
    const one = await watched();
    await deliverFile(stage.deps, one, file, { ...owner, isPreview: true });
    expect(stage.brought).toEqual([`${one.ownerFolder}/.previews/shot_00001_.png`]);
    expect(await resultsOf(one)).toMatchObject([{ preview: true }]);
  });

  test('for a job that was cancelled meanwhile it is taken away again', async () => {
    const one = await watched();
    await stage.deps.jobs.cancel({ jobId: one.job.id, now: stage.time.now });
    await deliverFile(stage.deps, one, file, owner);
    expect(await resultsOf(one)).toEqual([]);
    expect(stage.discarded).toEqual([`${one.ownerFolder}/shot_00001_.png`]);
  });
});
