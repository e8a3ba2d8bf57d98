import { z } from 'zod';
import type { Choice, ResultFilter, ResultStore } from '#src/ports/results.ts';
import type { Database } from './connection.ts';
import { fromCursor, toCursor } from './cursor.ts';
import { Prisma } from './generated/client.ts';
import { toResult, WITH_MAKING } from './rows.ts';

const { sql, empty, join } = Prisma;
const ids = z.array(z.object({ id: z.string() }));
const counts = z.array(z.object({ name: z.string(), count: z.coerce.number() }));
const sizes = z.tuple([z.object({ files: z.coerce.number(), bytes: z.coerce.number() })]);
const MOST_CHOICES = 200;

/** Every word must be there, at least its beginning; quotes keep the full-text query's own signs out of it. Null when there is no word. */
export function matchOf(words: string): string | null {
  const found = words.match(/[\p{L}\p{N}]+/gu) ?? [];
  return found.length === 0 ? null : found.map((word) => `"${word}"*`).join(' ');
}

function conditions(userId: string, filter: ResultFilter): Prisma.Sql {
  const { jobId, kind, favourite, minRating, rejected, from, to, title, model, lora, seed, words, removed } = filter;
  const match = words === undefined ? null : matchOf(words);
  const made = (condition: Prisma.Sql) =>
    sql`AND r."makingId" IN (SELECT m.id FROM "Making" m WHERE m."userId" = ${userId} AND ${condition})`;
  return join(
    [
      sql`r."userId" = ${userId} AND r."deliveredAt" IS NOT NULL`,
      removed ? sql`AND r."removedAt" IS NOT NULL` : sql`AND r."removedAt" IS NULL`,
      jobId === undefined ? empty : sql`AND r."jobId" = ${jobId}`,
      kind === undefined ? empty : sql`AND r.kind = ${kind}`,
      favourite === undefined ? empty : sql`AND r.favourite`,
      minRating === undefined ? empty : sql`AND r.rating >= ${minRating}`,
      rejected === undefined ? empty : sql`AND r.rejected = ${rejected}`,
      from === undefined ? empty : sql`AND r."deliveredAt" >= ${new Date(from)}`,
      to === undefined ? empty : sql`AND r."deliveredAt" < ${new Date(to)}`,
      title === undefined ? empty : made(sql`m.title = ${title}`),
      model === undefined ? empty : made(sql`m.model = ${model}`),
      seed === undefined ? empty : made(sql`m.seed = ${seed}`),
      lora === undefined ? empty : made(sql`m.id IN (SELECT l."makingId" FROM "MakingLora" l WHERE l.name = ${lora})`),
      words === undefined
        ? empty
        : match === null
          ? sql`AND FALSE`
          : made(sql`m.id IN (SELECT w.rowid FROM "MakingWords" w WHERE w."MakingWords" MATCH ${match})`),
    ],
    ' ',
  );
}

/** The user's results, narrowed down. Ids first: the full-text table is unknown to the models. */
export function resultSearch(db: Database): Pick<ResultStore, 'list' | 'count' | 'size' | 'choices'> {
  return {
    async list({ userId, filter, limit, cursor }) {
      const after = cursor === null ? null : fromCursor(cursor);
      const found = ids.parse(
        await db.$queryRaw(sql`
          SELECT r.id FROM "Result" r WHERE ${conditions(userId, filter)}
          ${after === null ? empty : sql`AND (r."deliveredAt", r.id) < (${after.at}, ${after.id})`}
          ORDER BY r."deliveredAt" DESC, r.id DESC LIMIT ${limit + 1}`),
      );
      const wanted = found.slice(0, limit).map(({ id }) => id);
      const rows = await db.result.findMany({ where: { id: { in: wanted } }, include: WITH_MAKING });
      const byId = new Map(rows.map((row) => [row.id, toResult(row)]));
      const items = wanted.flatMap((id) => byId.get(id) ?? []);
      const last = items.at(-1);
      return { items, nextCursor: found.length > limit && last ? toCursor(last.deliveredAt, last.id) : null };
    },

    async count({ userId, filter }) {
      const rows = counts.parse(
        await db.$queryRaw(
          sql`SELECT 'all' AS name, count(*) AS count FROM "Result" r WHERE ${conditions(userId, filter)}`,
        ),
      );
      return rows[0]?.count ?? 0;
    },

    async size({ userId, filter }) {
      const [found] = sizes.parse(
        await db.$queryRaw(sql`
          SELECT count(*) AS files, coalesce(sum(r.bytes), 0) AS bytes FROM "Result" r WHERE ${conditions(userId, filter)}`),
      );
      return found;
    },

    async choices(userId) {
      const counted = async (name: Prisma.Sql, from: Prisma.Sql): Promise<Choice[]> =>
        counts.parse(
          await db.$queryRaw(sql`
            SELECT ${name} AS name, count(*) AS count FROM "Result" r ${from}
            WHERE r."userId" = ${userId} AND r."deliveredAt" IS NOT NULL AND r."removedAt" IS NULL AND ${name} IS NOT NULL
            GROUP BY ${name} ORDER BY count(*) DESC, ${name} LIMIT ${MOST_CHOICES}`),
        );
      const making = sql`JOIN "Making" m ON m.id = r."makingId"`;
      return {
        titles: await counted(sql`m.title`, making),
        models: await counted(sql`m.model`, making),
        loras: await counted(sql`l.name`, sql`JOIN "MakingLora" l ON l."makingId" = r."makingId"`),
        kinds: await counted(sql`r.kind`, empty),
      };
    },
  };
}
