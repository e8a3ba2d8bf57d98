import { z } from 'zod';
import { MAX_ANNOUNCED } from '#src/domain/classes/announcement.ts';
import { AppError } from '#src/domain/errors.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { WorkflowStore } from '#src/ports/classes.ts';
import type { Clock } from '#src/ports/random.ts';
import { announce } from '#src/services/announcement/announce.ts';
import { endAnnouncement } from '#src/services/announcement/end-announcement.ts';
import { id, operatorProcedure, router, seeing } from '../trpc.ts';

export type AdminAnnouncementDeps = Parameters<typeof announce>[0] &
  Parameters<typeof endAnnouncement>[0] & {
    auditLog: AuditLog;
    clock: Clock;
    workflows: WorkflowStore;
  };

const operator = operatorProcedure.use(seeing((deps): AdminAnnouncementDeps => deps));

const MAX_RECENT = 6;
const SET = 'admin.announcement.set';

export const announcement = router({
  /** The workflow that is open stays so. */
  set: operator
    .input(
      z.object({
        text: z.string().trim().max(MAX_ANNOUNCED).default(''),
        until: z.iso
          .datetime()
          .nullish()
          .transform((text) => (text ? Date.parse(text) : null)),
        countdown: z.boolean().default(false),
        eyesOnMe: z.boolean().default(false),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      await announce(ctx.deps, input);
      return { ok: true };
    }),
  clear: operator.mutation(async ({ ctx }) => {
    await endAnnouncement(ctx.deps);
    return { ok: true };
  }),
  /** In everybody's ComfyUI tab; once more where it was opened before. */
  openWorkflow: operator.input(z.object({ id })).mutation(async ({ ctx, input }) => {
    if (!(await ctx.deps.workflows.find(input.id))) throw new AppError('not_found', 'Workflow not found.');
    await announce(ctx.deps, { workflow: { id: input.id, openedAt: ctx.deps.clock.now() } });
    return { ok: true };
  }),
  closeWorkflow: operator.mutation(async ({ ctx }) => {
    await announce(ctx.deps, { workflow: null });
    return { ok: true };
  }),
  /** What was told before, newest first. */
  recent: operator.query(async ({ ctx }) => {
    const auditEvents = await ctx.deps.auditLog.list({
      from: null,
      to: null,
      subjectId: null,
      words: SET,
      limit: 100,
      beforeId: null,
    });
    const texts = auditEvents.flatMap(({ type, detail }) =>
      type === SET && typeof detail.text === 'string' ? detail.text.trim() : [],
    );
    return [...new Set(texts)].filter((text) => text !== '').slice(0, MAX_RECENT);
  }),
});
