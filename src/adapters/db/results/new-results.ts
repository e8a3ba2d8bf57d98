import { z } from 'zod';
import { numberedName, workerStem } from '#src/domain/workflow/attribution.ts';
import type { Reservation, ResultStore } from '#src/ports/results.ts';
import type { StoredTogether } from '../batched-transaction.ts';
import type { Transaction } from '../connection.ts';
import { sql } from '../generated/internal/prismaNamespace.ts';
import { assignments, insertInto } from '../raw.ts';

type NewFile = Parameters<ResultStore['reserve']>[0];
type Delivered = Parameters<ResultStore['record']>[0];
type Announce = Parameters<Parameters<StoredTogether>[0]>[1];

const number = z.coerce.number().nullable();
const counters = z.array(z.object({ metadataId: number, companion: number, highest: number }));
const owners = z.array(z.object({ userId: z.string(), jobId: z.string() }));

/** A companion's counter, where there is one and it gives a path that is free; else the next one of this stem. */
async function counterFor(
  tx: Transaction,
  { companion, highest }: z.infer<typeof counters>[number],
  pathOf: (counter: number) => string,
): Promise<number> {
  const isFree = companion !== null && (await tx.result.count({ where: { path: pathOf(companion) } })) === 0;
  return isFree ? companion : (highest ?? 0) + 1;
}

async function reservedBefore(tx: Transaction, { jobId, nodeId, name }: NewFile): Promise<Reservation> {
  const earlier = await tx.result.findUniqueOrThrow({ where: { jobId_nodeId_name: { jobId, nodeId, name } } });
  const { id, path, counter, deliveredAt, sha256, unfinished } = earlier;
  if (deliveredAt === null) return { id, path, counter, delivered: false, sha256: null };
  return { id, path, counter, delivered: unfinished ? 'unfinished' : 'whole', sha256 };
}

export async function reserveName(tx: Transaction, file: NewFile): Promise<Reservation> {
  const { id, userId, jobId, attemptId, nodeId, name, folder, stem, ending, preview } = file;
  const shared = workerStem(name);
  const [found] = counters.parse(
    await tx.$queryRaw`
      SELECT
        (SELECT "id" FROM "GenerationMetadata" WHERE "jobId" = ${jobId} AND "nodeId" = ${nodeId}) AS "metadataId",
        (SELECT "counter" FROM "Result" WHERE "jobId" = ${jobId} AND "nodeId" = ${nodeId} AND "workerStem" = ${shared} AND "stem" = ${stem} LIMIT 1) AS "companion",
        (SELECT MAX("counter") FROM "Result" WHERE "userId" = ${userId} AND "stem" = ${stem}) AS "highest"`,
  );
  const pathOf = (one: number): string => `${folder}/${numberedName(stem, one, ending)}`;
  const counter = await counterFor(tx, found!, pathOf);
  const path = pathOf(counter);
  const row = {
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
    metadataId: found?.metadataId ?? null,
    kind: 'other',
    mime: '',
    bytes: 0,
    sha256: '',
    favourite: false,
    rating: 0,
    rejected: false,
    preview,
    unfinished: false,
  };
  const isNew = await tx.$executeRaw`${insertInto('Result', [row])} ON CONFLICT ("jobId", "nodeId", "name") DO NOTHING`;
  return isNew ? { id, path, counter, delivered: false, sha256: null } : reservedBefore(tx, file);
}

/** Delivered for the first time, or whole where it was unfinished. */
export async function recordResult(
  tx: Transaction,
  announce: Announce,
  { id, attemptId, facts, bytes, sha256, unfinished, now }: Delivered,
): Promise<'recorded' | 'known' | 'cancelled'> {
  const values = { ...facts, attemptId, bytes, sha256, blake3: null, unfinished };
  const mayCome = unfinished ? sql`"deliveredAt" IS NULL` : sql`("deliveredAt" IS NULL OR "unfinished" = ${true})`;
  const [recorded] = owners.parse(
    await tx.$queryRaw`
      UPDATE "Result" SET ${assignments(values)}, "deliveredAt" = COALESCE("deliveredAt", ${new Date(now)})
      WHERE "id" = ${id} AND ${mayCome} AND EXISTS (SELECT 1 FROM "Job" j WHERE j."id" = "Result"."jobId" AND j."status" <> 'cancelled')
      RETURNING "userId", "jobId"`,
  );
  if (recorded) {
    const { userId, jobId } = recorded;
    announce({ type: 'new', userId, event: { type: 'result.added', jobId, resultId: id }, now });
    return 'recorded';
  }
  const found = await tx.result.findUnique({ where: { id }, select: { deliveredAt: true, unfinished: true } });
  // Without a row its owner was deleted with all files meanwhile.
  return found && found.deliveredAt !== null && (unfinished || !found.unfinished) ? 'known' : 'cancelled';
}
