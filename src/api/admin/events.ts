import { z } from 'zod';
import { auditDetail } from '#src/domain/events/audit-detail.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import { operatorProcedure, router, seeing } from '../trpc.ts';

export type AdminEventsDeps = {
  auditLog: AuditLog;
};

const operator = operatorProcedure.use(seeing((deps): AdminEventsDeps => deps));

const time = z.iso
  .datetime()
  .nullish()
  .transform((text) => (text ? Date.parse(text) : null));

export const events = router({
  /** What operators and the system did, newest first. */
  list: operator
    .input(
      z
        .object({
          from: time,
          to: time,
          subjectId: z.string().max(64).nullish(),
          actorId: z.string().max(64).nullish(),
          words: z.string().trim().min(1).max(100).nullish(),
          /** Those that the words stand for where they are shown in sentences. */
          types: z.array(z.string().max(100)).max(100).default([]),
          /** What the words stand for in details, as it is logged. */
          detail: z.string().min(1).max(100).nullish(),
          limit: z.number().int().min(1).max(200).default(50),
          cursor: z.number().int().nullish(),
        })
        .prefault({}),
    )
    .query(async ({ ctx, input: { subjectId, actorId, words, types, detail, limit, cursor, from, to } }) => {
      const auditEvents = await ctx.deps.auditLog.list({
        from,
        to,
        subjectId: subjectId ?? null,
        actorId: actorId ?? null,
        words: words ?? null,
        besides: { types, detail: detail ?? null },
        limit,
        beforeId: cursor ?? null,
      });
      return {
        items: auditEvents.map(({ subjectName, ...event }) => ({
          ...event,
          at: new Date(event.at).toISOString(),
          subject: subjectName,
          detail: auditDetail(event.detail),
        })),
        nextCursor: auditEvents.length < limit ? null : (auditEvents.at(-1)?.id ?? null),
      };
    }),
  /** Everybody who did something that is still logged. */
  actors: operator.query(({ ctx }) => ctx.deps.auditLog.actors()),
});
