import { numberedName } from '#src/domain/workflow/attribution.ts';
import type { Bus } from '#src/ports/events.ts';
import type { ResultStore } from '#src/ports/results.ts';
import { storedTogether } from '../batched-transaction.ts';
import type { Database } from '../connection.ts';
import { inPieces } from '../in-pieces.ts';
import { toResult, WITH_METADATA } from '../rows.ts';
import { findResult } from './find-result.ts';
import { recordResult, reserveName } from './new-results.ts';
import { resultMarks } from './result-marks.ts';
import { resultSearch } from './result-search.ts';

export function createResultStore(db: Database, bus: Bus): ResultStore {
  const together = storedTogether(db, bus);
  const home = { deliveredAt: { not: null } };
  const inGallery = { ...home, removedAt: null, preview: false };
  return {
    ...resultSearch(db),
    ...resultMarks(db, bus),

    reserve: (file) => together((tx) => reserveName(tx, file)),

    renumber: (id, { folder, stem, ending }, from) =>
      together(async (tx) => {
        const pathOf = (counter: number): string => `${folder}/${numberedName(stem, counter, ending)}`;
        let counter = from;
        while ((await tx.result.count({ where: { path: pathOf(counter), id: { not: id } } })) > 0) counter += 1;
        const path = pathOf(counter);
        await tx.result.update({ where: { id }, data: { path, counter } });
        return { path, counter };
      }),

    record: (result) => together((tx, announce) => recordResult(tx, announce, result)),

    find: (resultId) => findResult(db, resultId),

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
