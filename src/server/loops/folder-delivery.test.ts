import { expect, test, vi } from 'vitest';
import { whole } from '#src/domain/formats/reading/verdict.ts';
import { oneAtATime } from '#src/domain/one-at-a-time.ts';
import { claimJob } from '#src/services/jobs/claim-job.ts';
import { submitJob } from '#src/services/jobs/submit-job.ts';
import { graph, openStage } from '#src/services/stage.testing.ts';
import { createFolderDelivery } from './folder-delivery.ts';

test('many files that are slow to import keep no other job waiting', async () => {
  const { deps, endpoint, actor, time, close } = await openStage();
  try {
    for (const name of ['Ada', 'Bob']) {
      const { userId, ...rest } = await actor(name);
      const { job } = await submitJob(deps, { userId, ...rest }, { prompt: graph });
      await claimJob(deps, { userId, jobId: job.id, endpointId: endpoint.id, isListened: false });
    }
    const [slow, other] = await deps.jobs.watched({ since: 0, lateSince: 0, withdrawnSince: 0 });
    if (!slow || !other) throw new Error('two attempts should be watched');

    const { importFile } = deps.gallery;
    let begun = 0;
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    deps.gallery.importFile = async (source, ...rest) => {
      if (source.folder === slow.attempt.plan.folder) {
        begun += 1;
        await released;
      }
      return importFile(source, ...rest);
    };
    const inTurn = oneAtATime();
    const deliver = ({ attempt, ...watched }: typeof slow, count: number) => {
      const share = {
        list: async () => ({ files: [], leftOut: [] }),
        examine: async () => whole({ kind: 'image', mime: 'image/png' }),
      };
      const home = createFolderDelivery({ ...deps, share, inTurn, timings: { quietMs: 0 } }, attempt.plan.folder);
      const files = Array.from({ length: count }, (_, index) => `0/shot_${String(index + 1).padStart(5, '0')}_.png`);
      return home
        .deliverAll(
          { attempt, ...watched },
          files.map((path) => ({ path, bytes: 100, mtimeMs: time.now })),
          time.now,
        )
        .then(async ({ last }) => {
          last?.release();
          await last?.done;
        });
    };
    const many = deliver(slow, 24);
    await vi.waitFor(() => expect(begun).toBe(8), { timeout: 60_000 });
    await deliver(other, 1);
    const resultsOf = async ({ job }: typeof slow) => (await deps.results.ofJobs([job.id])).length;
    expect([await resultsOf(slow), await resultsOf(other)]).toEqual([0, 1]);
    release();
    await many;
    expect(await resultsOf(slow)).toBe(24);
  } finally {
    await close();
  }
});
