import { numberedName, workerStem } from '#src/domain/workflow/attribution.ts';
import type { Bus } from '#src/ports/events.ts';
import type { ResultStore } from '#src/ports/results.ts';
import { storedTogether } from '../batched-transaction.ts';
import type { Database, Transaction } from '../connection.ts';
import { inPieces } from '../in-pieces.ts';
import { toResult, WITH_METADATA } from '../rows.ts';
import { resultMarks } from './result-marks.ts';
import { resultSearch } from './result-search.ts';

type Named = {
  readonly userId: string;
  readonly jobId: string;
  readonly nodeId: string;
  readonly stem: string;
  readonly workerStem: string;
};

/** A companion's counter, where there is one and it gives a path that is free; else the next one of this stem. */
async function counterFor(
  tx: Transaction,
  { userId, jobId, nodeId, stem, workerStem }: Named,
  pathOf: (counter: number) => string,
): Promise<number> {
  const companion = await tx.result.findFirst({
    where: { jobId, nodeId, workerStem, stem },
    select: { counter: true },
  });
  const isFree = companion && (await tx.result.count({ where: { path: pathOf(companion.counter) } })) === 0;
  if (isFree) return companion.counter;
  const highest = await tx.result.aggregate({ where: { userId, stem }, _max: { counter: true } });
  return (highest._max.counter ?? 0) + 1;
}

export function createResultStore(db: Database, bus: Bus): ResultStore {
  const together = storedTogether(db, bus);
  const home = { deliveredAt: { not: null } };
  const inGallery = { ...home, removedAt: null, preview: false };
  return {
    ...resultSearch(db),
    ...resultMarks(db, bus),

    reserve: ({ id, userId, jobId, attemptId, nodeId, name, folder, stem, ending, preview }) =>
      together(async (tx) => {
        const earlier = await tx.result.findUnique({ where: { jobId_nodeId_name: { jobId, nodeId, name } } });
        if (earlier) {
          const here = earlier.unfinished ? 'unfinished' : 'whole';
          const { id: known, path, counter, deliveredAt, sha256 } = earlier;
          if (deliveredAt === null) return { id: known, path, counter, delivered: false, sha256: null };
          return { id: known, path, counter, delivered: here, sha256 };
        }
        const shared = workerStem(name);
        const counter = await counterFor(
          tx,
          { userId, jobId, nodeId, stem, workerStem: shared },
          (one) => `${folder}/${numberedName(stem, one, ending)}`,
        );
        const metadata = await tx.generationMetadata.findUnique({
          where: { jobId_nodeId: { jobId, nodeId } },
          select: { id: true },
        });
        const path = `${folder}/${numberedName(stem, counter, ending)}`;
        await tx.result.create({
          data: {
            id,
            userId,
            jobId,
            attemptId,
            nodeId,
            name,
            path,
            stem,
            counter,
            workerStem: shared,
            metadataId: metadata?.id ?? null,
            kind: 'other',
            mime: '',
            bytes: 0n,
            sha256: '',
            preview,
          },
        });
        return { id, path, counter, delivered: false, sha256: null };
      }),

    renumber: (id, { folder, stem, ending }, from) =>
      together(async (tx) => {
        const pathOf = (counter: number): string => `${folder}/${numberedName(stem, counter, ending)}`;
        let counter = from;
        while ((await tx.result.count({ where: { path: pathOf(counter), id: { not: id } } })) > 0) counter += 1;
        const path = pathOf(counter);
        await tx.result.update({ where: { id }, data: { path, counter } });
        return { path, counter };
      }),

    record: ({ id, attemptId, facts, bytes, sha256, unfinished, now }) =>
      together(async (tx, announce) => {
        const found = await tx.result.findUnique({
          where: { id },
          select: { userId: true, jobId: true, deliveredAt: true, unfinished: true, job: { select: { status: true } } },
        });
        // Its owner was deleted with all files meanwhile.
        if (!found) return 'cancelled';
        const { userId, jobId, deliveredAt, job } = found;
        if (deliveredAt !== null && (unfinished || !found.unfinished)) return 'known';
        if (job.status === 'cancelled') return 'cancelled';
        await tx.result.update({
          where: { id },
          data: {
            ...facts,
            attemptId,
            bytes: BigInt(bytes),
            sha256,
            blake3: null,
            unfinished,
            deliveredAt: deliveredAt ?? new Date(now),
          },
        });
        announce({ type: 'new', userId, event: { type: 'result.added', jobId, resultId: id }, now });
        return 'recorded';
      }),

    async find(resultId) {
      const row = await db.result.findFirst({ where: { id: resultId, ...home }, include: WITH_METADATA });
      return row && toResult(row);
    },

    async byPath(path) {
      const row = await db.result.findFirst({ where: { path, ...home }, include: WITH_METADATA });
      return row && toResult(row);
    },

    async gpuMs(resultId) {
      const row = await db.result.findUnique({
        where: { id: resultId },
        select: { attempt: { select: { startedAt: true, wholeAt: true } } },
      });
      const { startedAt = null, wholeAt = null } = row?.attempt ?? {};
      return startedAt && wholeAt ? Math.max(0, wholeAt.getTime() - startedAt.getTime()) : null;
    },

    async owned(userId, ids) {
      const rows = await inPieces(ids, (some) =>
        db.result.findMany({ where: { id: { in: some }, userId, ...home }, include: WITH_METADATA }),
      );
      const found = new Map(rows.map((row) => [row.id, toResult(row)]));
      return ids.flatMap((id) => found.get(id) ?? []);
    },

    async weighed() {
      const rows = await db.result.findMany({
        where: inGallery,
        select: { id: true, userId: true, bytes: true, deliveredAt: true, favourite: true, wallAt: true },
      });
      return rows.map(({ bytes, deliveredAt, favourite, wallAt, ...row }) => ({
        ...row,
        bytes: Number(bytes),
        deliveredAt: deliveredAt?.getTime() ?? 0,
        isKept: favourite || wallAt !== null,
      }));
    },

    async sizes() {
      const rows = await db.result.groupBy({
        by: ['userId'],
        where: inGallery,
        _count: true,
        _sum: { bytes: true },
      });
      return new Map(
        rows.map(({ userId, _count, _sum }) => [userId, { files: _count, bytes: Number(_sum.bytes ?? 0) }]),
      );
    },

    async ofJobs(jobIds) {
      const rows = await inPieces(jobIds, (some) =>
        db.result.findMany({
          where: { jobId: { in: some }, removedAt: null, ...home },
          orderBy: [{ deliveredAt: 'asc' }, { id: 'asc' }],
          include: WITH_METADATA,
        }),
      );
      return rows.map(toResult);
    },
  };
}
