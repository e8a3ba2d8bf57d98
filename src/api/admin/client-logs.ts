import { z } from 'zod';
import { LOG_LEVELS, LOG_SOURCES } from '#src/domain/client-logs/browser-log.ts';
import type { ClientLogs } from '#src/ports/client-logs.ts';
import { operatorProcedure, router, seeing } from '../trpc.ts';

export type AdminClientLogsDeps = {
  clientLogs: ClientLogs;
};

const operator = operatorProcedure.use(seeing((deps): AdminClientLogsDeps => deps));

const MAX_GROUPS = 200;

const group = z.string().min(1).max(400);
const filter = z.object({
  userId: z.string().max(64).nullable().default(null),
  source: z.enum(LOG_SOURCES).nullable().default(null),
  level: z.enum(LOG_LEVELS).nullable().default(null),
  words: z.string().trim().min(1).max(100).nullable().default(null),
});
const iso = (time: number): string => new Date(time).toISOString();

export const clientLogs = router({
  groups: operator.input(filter.prefault({})).query(async ({ ctx, input }) => {
    const groups = await ctx.deps.clientLogs.groups({ ...input, group: null }, MAX_GROUPS);
    return groups.map((each) => ({ ...each, lastAt: iso(each.lastAt) }));
  }),
  list: operator
    .input(
      filter
        .extend({
          group: group.nullable().default(null),
          limit: z.number().int().min(1).max(200).default(50),
          cursor: z.number().int().nullish(),
        })
        .prefault({}),
    )
    .query(async ({ ctx, input: { cursor, ...query } }) => {
      const logs = await ctx.deps.clientLogs.list({ ...query, beforeId: cursor ?? null });
      return {
        items: logs.map((each) => ({ ...each, at: iso(each.at) })),
        nextCursor: logs.length < query.limit ? null : (logs.at(-1)?.id ?? null),
      };
    }),
  people: operator.query(({ ctx }) => ctx.deps.clientLogs.people()),
  clear: operator
    .input(z.object({ group }))
    .mutation(async ({ ctx, input }) => ({ cleared: await ctx.deps.clientLogs.clear(input.group) })),
});
