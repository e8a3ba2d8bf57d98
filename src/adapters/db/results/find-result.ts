import { z } from 'zod';
import type { Result } from '#src/ports/results.ts';
import type { Database } from '../connection.ts';
import { join, raw } from '../generated/internal/prismaNamespace.ts';
import { date, flag } from '../raw.ts';
import { toResult } from '../rows.ts';

const orNull = z.string().nullable();

const resultRow = z.object({
  id: z.string(),
  userId: z.string(),
  jobId: z.string(),
  nodeId: z.string(),
  path: z.string(),
  givenName: orNull,
  kind: z.string(),
  mime: z.string(),
  bytes: z.coerce.bigint(),
  sha256: z.string(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  duration: z.number().nullable(),
  codecs: orNull,
  deliveredAt: date.nullable(),
  favourite: flag,
  rating: z.number(),
  rejected: flag,
  wallAt: date.nullable(),
  removedAt: date.nullable(),
  preview: flag,
  unfinished: flag,
  blake3: orNull,
});
const withMetadata = resultRow.extend({
  title: z.string(),
  familyId: orNull,
  metadataId: z.coerce.number().nullable(),
  model: orNull,
  seed: orNull,
  prompt: orNull,
});

const columns = join(Object.keys(resultRow.shape).map((column) => raw(`r."${column}"`)));

/** One statement, because each request for a file asks for it. */
export async function findResult(db: Database, resultId: string): Promise<Result | null> {
  const rows = await db.$queryRaw`
    SELECT ${columns}, j."title", j."familyId", m."id" AS "metadataId", m."model", m."seed", m."prompt"
    FROM "Result" r JOIN "Job" j ON j."id" = r."jobId" LEFT JOIN "GenerationMetadata" m ON m."id" = r."metadataId"
    WHERE r."id" = ${resultId} AND r."deliveredAt" IS NOT NULL`;
  const [row] = z.array(withMetadata).parse(rows);
  return row ? toResult({ ...row, job: row, metadata: row.metadataId === null ? null : row }) : null;
}
