import { z } from 'zod';
import { nameHas, type Search, searchOf } from '#src/domain/search/search-words.ts';
import type { ResultFilter } from '#src/ports/results.ts';
import type { Database } from '../connection.ts';
import type { Dialect } from '../dialect.ts';
import { Prisma } from '../generated/client.ts';

const { sql, empty, join } = Prisma;
const ids = z.array(z.object({ id: z.coerce.string() }));
const named = z.array(z.object({ id: z.string(), name: z.string() }));
const MAX_NAMED = 5000;

/** Results of the user's that have all of these words in the name that they gave it. Few are renamed, and only these are read. */
async function namedSo(db: Database, userId: string, { words }: Search): Promise<string[]> {
  const rows = named.parse(
    await db.$queryRaw(
      sql`SELECT id, "givenName" AS name FROM "Result" WHERE "userId" = ${userId} AND "givenName" IS NOT NULL LIMIT ${MAX_NAMED}`,
    ),
  );
  return rows.flatMap(({ id, name }) => (nameHas(name, words) ? [id] : []));
}

/** Which generation metadata are asked for; null when any will do. */
function generations(
  { byNoIndex, withWords }: Dialect,
  userId: string,
  { title, model, lora, seed }: ResultFilter,
  search: Search | null,
): Prisma.Sql | null {
  const words = search?.words ?? [];
  const asked = [
    title === undefined ? null : sql`m.title = ${title}`,
    model === undefined ? null : sql`m.model = ${model}`,
    seed === undefined ? null : sql`m.seed = ${seed}`,
    lora === undefined ? null : sql`m.id IN (SELECT l."metadataId" FROM "GenerationLora" l WHERE l.name = ${lora})`,
    words.length > 0 ? sql`m.id IN (${withWords(words)})` : null,
    search && words.length === 0 && search.counter === null ? sql`FALSE` : null,
  ].filter((condition) => condition !== null);
  if (asked.length === 0) return null;
  // With words, those that have them are looked up: all of the user's would be gone through otherwise.
  const owner = words.length === 0 ? sql`m."userId"` : sql`${byNoIndex}m."userId"`;
  return sql`SELECT m.id FROM "GenerationMetadata" m WHERE ${owner} = ${userId} AND ${join(asked, ' AND ')}`;
}

const byName = (theirs: Prisma.Sql, made: Prisma.Sql | null): Prisma.Sql =>
  sql`(r.id IN (${theirs}) ${made === null ? empty : sql`AND r."metadataId" IN (${made})`})`;

/**
 * Few generation metadata: their results are looked up one by one. Many: all of the user's results are gone
 * through in their order, most often not far, and each is looked up among the generation metadata.
 */
export async function conditions(
  db: Database,
  userId: string,
  filter: ResultFilter,
  fewMatches: number,
): Promise<Prisma.Sql> {
  const { jobId, familyId, inputId, kind, favourite, minRating, rejected, from, to, removed, previews } = filter;
  const search = filter.words === undefined ? null : searchOf(filter.words);
  const { dialect } = db;
  const { byNoIndex } = dialect;
  const made = generations(dialect, userId, filter, search);
  const few = made !== null && ids.parse(await db.$queryRaw(sql`${made} LIMIT ${fewMatches + 1}`)).length <= fewMatches;
  const isLookedUp = few || familyId !== undefined;
  const theirs = search === null ? [] : await namedSo(db, userId, search);
  const madeSo =
    made === null ? sql`TRUE` : few ? sql`r."metadataId" IN (${made})` : sql`${byNoIndex}r."metadataId" IN (${made})`;
  const found = search?.counter == null ? madeSo : sql`(${madeSo} AND r.counter = ${search.counter})`;
  return join(
    [
      isLookedUp ? sql`${byNoIndex}r."userId" = ${userId}` : sql`r."userId" = ${userId}`,
      sql`AND r."deliveredAt" IS NOT NULL`,
      isLookedUp ? sql`AND ${byNoIndex}r."removedAt"` : sql`AND r."removedAt"`,
      removed ? sql`IS NOT NULL` : sql`IS NULL`,
      previews ? empty : sql`AND NOT r.preview`,
      jobId === undefined ? empty : sql`AND r."jobId" = ${jobId}`,
      inputId === undefined
        ? empty
        : sql`AND r."jobId" IN (SELECT i."jobId" FROM "JobInput" i WHERE i."inputId" = ${inputId})`,
      familyId === undefined
        ? empty
        : sql`AND r."jobId" IN (SELECT j.id FROM "Job" j WHERE j.id = ${familyId} OR j."familyId" = ${familyId})`,
      kind === undefined ? empty : sql`AND r.kind = ${kind}`,
      favourite === undefined ? empty : sql`AND r.favourite`,
      minRating === undefined ? empty : sql`AND r.rating >= ${minRating}`,
      rejected === undefined ? empty : sql`AND r.rejected = ${rejected}`,
      from === undefined ? empty : sql`AND r."deliveredAt" >= ${new Date(from)}`,
      to === undefined ? empty : sql`AND r."deliveredAt" < ${new Date(to)}`,
      sql`AND ${theirs.length === 0 ? found : sql`(${found} OR ${byName(dialect.ids(theirs), generations(dialect, userId, filter, null))})`}`,
    ],
    ' ',
  );
}
