import { z } from 'zod';
import { respellings } from '#src/domain/search/spelling.ts';
import type { ResultChoice, ResultStore } from '#src/ports/results.ts';
import type { Database } from '../connection.ts';
import { fromCursor, toCursor } from '../cursor.ts';
import { Prisma } from '../generated/client.ts';
import { toResult, WITH_METADATA } from '../rows.ts';
import { conditions } from './search-conditions.ts';

const { sql, empty } = Prisma;
const ids = z.array(z.object({ id: z.coerce.string() }));
const counts = z.array(z.object({ name: z.string(), count: z.coerce.number() }));
const sizes = z.tuple([z.object({ files: z.coerce.number(), bytes: z.coerce.number() })]);
const terms = z.array(z.object({ terms: z.string().nullable() }));
const MAX_CHOICES = 200;
const MAX_TERMS = 20_000;
const FEW_MATCHES = 500;

/** The user's results, narrowed down. Ids first: the full-text table is unknown to the models. */
export function resultSearch(
  db: Database,
  fewMatches = FEW_MATCHES,
): Pick<ResultStore, 'list' | 'count' | 'size' | 'choices' | 'spelling'> {
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

    async spelling({ userId, words }) {
      // As one text: as rows, twenty thousand would take longer than all the rest.
      const [known] = terms.parse(
        await db.$queryRaw(sql`
          SELECT string_agg(term, ' ') AS terms FROM (SELECT term FROM "SearchTerm" WHERE "userId" = ${userId} LIMIT ${MAX_TERMS}) t`),
      );
      for (const meant of respellings(words, known?.terms?.split(' ') ?? [])) {
        const where = await conditions(db, userId, { words: meant }, fewMatches);
        const found = ids.parse(await db.$queryRaw(sql`SELECT r.id FROM "Result" r WHERE ${where} LIMIT 1`));
        if (found.length > 0) return meant;
      }
      return null;
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
