import { z } from 'zod';
import type { AuditEvent } from '#src/ports/audit-log.ts';
import { type ApiDeps, operatorProcedure, router } from '../trpc.ts';

const time = z.iso
  .datetime()
  .nullish()
  .transform((text) => (text ? Date.parse(text) : null));

/** Names of what something was done to, as far as it is still there. */
async function namesOf(deps: ApiDeps, auditEvents: readonly AuditEvent[]): Promise<Map<string, string>> {
  const subjects = new Set(auditEvents.flatMap(({ subjectId }) => subjectId ?? []));
  if (subjects.size === 0) return new Map();
  const [endpoints, users, workflows] = await Promise.all([
    deps.endpoints.list(),
    deps.users.list(),
    deps.workflows.list(),
  ]);
  const names = new Map([...endpoints, ...users, ...workflows].map(({ id, name }) => [id, name]));
  const others = [...subjects].filter((subject) => !names.has(subject));
  for (const job of await Promise.all(others.map((subject) => deps.jobs.find(subject))))
    if (job) names.set(job.id, job.title);
  return names;
}

/** The ids of what has these words in its name. */
async function namedSo(deps: ApiDeps, words: string): Promise<string[]> {
  const all = await Promise.all([deps.endpoints.list(), deps.users.list(), deps.workflows.list()]);
  const wanted = words.toLowerCase();
  return all.flatMap((some) => some.filter(({ name }) => name.toLowerCase().includes(wanted)).map(({ id }) => id));
}

export const events = router({
  /** What operators and the system did, newest first. */
  list: operatorProcedure
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
        besides: { types, detail: detail ?? null, subjectIds: words ? await namedSo(ctx.deps, words) : [] },
        limit,
        beforeId: cursor ?? null,
      });
      const names = await namesOf(ctx.deps, auditEvents);
      return {
        items: auditEvents.map((event) => ({
          ...event,
          at: new Date(event.at).toISOString(),
          subject: event.subjectId === null ? null : (names.get(event.subjectId) ?? null),
        })),
        nextCursor: auditEvents.length < limit ? null : (auditEvents.at(-1)?.id ?? null),
      };
    }),
  /** Everybody who did something that is still logged. */
  actors: operatorProcedure.query(({ ctx }) => ctx.deps.auditLog.actors()),
});
