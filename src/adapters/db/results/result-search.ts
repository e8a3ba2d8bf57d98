import { z } from 'zod';
import type { ResultChoice, ResultFilter, ResultStore } from '#src/ports/results.ts';
import type { Database } from '../connection.ts';
import { fromCursor, toCursor } from '../cursor.ts';
import { Prisma } from '../generated/client.ts';
import { toResult, WITH_METADATA } from '../rows.ts';

const { sql, empty, join } = Prisma;
const ids = z.array(z.object({ id: z.coerce.string() }));
const counts = z.array(z.object({ name: z.string(), count: z.coerce.number() }));
const sizes = z.tuple([z.object({ files: z.coerce.number(), bytes: z.coerce.number() })]);
const MAX_CHOICES = 200;
const FEW_MATCHES = 500;

/** Every word must be there, at least its beginning; quotes keep the full-text query's own signs out of it. Null when there is no word. */
export function matchOf(words: string): string | null {
  const found = words.match(/[\p{L}\p{N}]+/gu) ?? [];
  return found.length === 0 ? null : found.map((word) => `"${word}"*`).join(' ');
}

/** Which generation metadata are asked for; null when any will do. */
function generations(userId: string, { title, model, lora, seed, words }: ResultFilter): Prisma.Sql | null {
  const match = words === undefined ? null : matchOf(words);
  const asked = [
    title === undefined ? null : sql`m.title = ${title}`,
    model === undefined ? null : sql`m.model = ${model}`,
    seed === undefined ? null : sql`m.seed = ${seed}`,
    lora === undefined ? null : sql`m.id IN (SELECT l."metadataId" FROM "GenerationLora" l WHERE l.name = ${lora})`,
    words === undefined
      ? null
      : match === null
        ? sql`FALSE`
        : sql`m.id IN (SELECT w.rowid FROM "GenerationWords" w WHERE w."GenerationWords" MATCH ${match})`,
  ].filter((condition) => condition !== null);
  if (asked.length === 0) return null;
  return sql`SELECT m.id FROM "GenerationMetadata" m WHERE m."userId" = ${userId} AND ${join(asked, ' AND ')}`;
}

/**
 * A unary plus keeps SQLite from using an index. Few generation metadata: their results are looked up one by one. Many: all of the user's results are gone
 * through in their order, most often not far, and each is looked up among the generation metadata.
 */
async function conditions(db: Database, userId: string, filter: ResultFilter, fewMatches: number): Promise<Prisma.Sql> {
  const { jobId, familyId, inputId, kind, favourite, minRating, rejected, from, to, removed, previews } = filter;
  const made = generations(userId, filter);
  const few = made !== null && ids.parse(await db.$queryRaw(sql`${made} LIMIT ${fewMatches + 1}`)).length <= fewMatches;
  return join(
    [
      few || familyId !== undefined ? sql`+r."userId" = ${userId}` : sql`r."userId" = ${userId}`,
      sql`AND r."deliveredAt" IS NOT NULL`,
      removed ? sql`AND r."removedAt" IS NOT NULL` : sql`AND r."removedAt" IS NULL`,
      previews ? empty : sql`AND NOT r.preview`,
      jobId === undefined ? empty : sql`AND r."jobId" = ${jobId}`,
      familyId === undefined
        ? empty
        : sql`AND r."jobId" IN (SELECT j.id FROM "Job" j WHERE j.id = ${familyId} OR j."familyId" = ${familyId})`,
      inputId === undefined
        ? empty
        : sql`AND r."jobId" IN (SELECT i."jobId" FROM "JobInput" i WHERE i."inputId" = ${inputId})`,
      kind === undefined ? empty : sql`AND r.kind = ${kind}`,
      favourite === undefined ? empty : sql`AND r.favourite`,
      minRating === undefined ? empty : sql`AND r.rating >= ${minRating}`,
      rejected === undefined ? empty : sql`AND r.rejected = ${rejected}`,
      from === undefined ? empty : sql`AND r."deliveredAt" >= ${new Date(from)}`,
      to === undefined ? empty : sql`AND r."deliveredAt" < ${new Date(to)}`,
      made === null ? empty : few ? sql`AND r."metadataId" IN (${made})` : sql`AND +r."metadataId" IN (${made})`,
    ],
    ' ',
  );
}

/** The user's results, narrowed down. Ids first: the full-text table is unknown to the models. */
export function resultSearch(
  db: Database,
  fewMatches = FEW_MATCHES,
): Pick<ResultStore, 'list' | 'count' | 'size' | 'choices'> {
  return {
    async list({ userId, filter, limit, cursor }) {
      const after = cursor === null ? null : fromCursor(cursor);
      const found = ids.parse(
        await db.$queryRaw(sql`
          SELECT r.id FROM "Result" r WHERE ${await conditions(db, userId, filter, fewMatches)}
          ${after === null ? empty : sql`AND (r."deliveredAt", r.id) < (${after.at}, ${after.id})`}
          ORDER BY r."deliveredAt" DESC, r.id DESC LIMIT ${limit + 1}`),
      );
      const wanted = found.slice(0, limit).map(({ id }) => id);
      const rows = await db.result.findMany({ where: { id: { in: wanted } }, include: WITH_METADATA });
      const byId = new Map(rows.map((row) => [row.id, toResult(row)]));
      const items = wanted.flatMap((id) => byId.get(id) ?? []);
      const last = items.at(-1);
      return { items, nextCursor: found.length > limit && last ? toCursor(last.deliveredAt, last.id) : null };
    },

    async count({ userId, filter }) {
      const rows = counts.parse(
        await db.$queryRaw(
          sql`SELECT 'all' AS name, count(*) AS count FROM "Result" r WHERE ${await conditions(db, userId, filter, fewMatches)}`,
        ),
      );
      return rows[0]?.count ?? 0;
    },

    async size({ userId, filter }) {
      const [found] = sizes.parse(
        await db.$queryRaw(sql`
          SELECT count(*) AS files, coalesce(sum(r.bytes), 0) AS bytes FROM "Result" r WHERE ${await conditions(db, userId, filter, fewMatches)}`),
      );
      return found;
    },

    async choices(userId) {
      const home = sql`r."userId" = ${userId} AND r."deliveredAt" IS NOT NULL AND r."removedAt" IS NULL AND NOT r.preview`;
      const made = sql`SELECT r."metadataId" AS id, count(*) AS count FROM "Result" r WHERE ${home} GROUP BY r."metadataId"`;
      const counted = async (name: Prisma.Sql, of: Prisma.Sql): Promise<ResultChoice[]> =>
        counts.parse(
          await db.$queryRaw(sql`
            WITH made AS MATERIALIZED (${made})
            SELECT ${name} AS name, sum(made.count) AS count FROM made ${of}
            WHERE ${name} IS NOT NULL GROUP BY ${name} ORDER BY sum(made.count) DESC, ${name} LIMIT ${MAX_CHOICES}`),
        );
      const metadata = sql`JOIN "GenerationMetadata" m ON m.id = made.id`;
      return {
        titles: await counted(sql`m.title`, metadata),
        models: await counted(sql`m.model`, metadata),
        loras: await counted(sql`l.name`, sql`JOIN "GenerationLora" l ON l."metadataId" = made.id`),
        kinds: counts.parse(
          await db.$queryRaw(sql`
            SELECT r.kind AS name, count(*) AS count FROM "Result" r WHERE ${home}
            GROUP BY r.kind ORDER BY count(*) DESC, r.kind`),
        ),
      };
    },
  };
}
