import { z } from 'zod';
import { operatorProcedure, router } from '../trpc.ts';

const time = z.iso
  .datetime()
  .nullish()
  .transform((text) => (text ? Date.parse(text) : null));

export const events = router({
  /** What operators and the system did, newest first. */
  list: operatorProcedure
    .input(
      z
        .object({
          from: time,
          to: time,
          subjectId: z.string().max(64).nullish(),
          words: z.string().trim().min(1).max(100).nullish(),
          limit: z.number().int().min(1).max(200).default(50),
          cursor: z.number().int().nullish(),
        })
        .prefault({}),
    )
    .query(async ({ ctx, input: { subjectId, words, limit, cursor, from, to } }) => {
      const acts = await ctx.deps.acts.list({
        from,
        to,
        subjectId: subjectId ?? null,
        words: words ?? null,
        limit,
        beforeId: cursor ?? null,
      });
      return {
        items: acts.map((act) => ({ ...act, at: new Date(act.at).toISOString() })),
        nextCursor: acts.length < limit ? null : (acts.at(-1)?.id ?? null),
      };
    }),
});
