import { lastingAt } from '#src/domain/classes/announcement.ts';
import type { AnnouncementStore, WorkflowStore } from '#src/ports/classes.ts';
import type { Clock } from '#src/ports/random.ts';
import { router, seeing, userProcedure } from './trpc.ts';

export type AnnouncementDeps = {
  announcements: AnnouncementStore;
  clock: Clock;
  workflows: WorkflowStore;
};

const user = userProcedure.use(seeing((deps): AnnouncementDeps => deps));

const iso = (time: number): string => new Date(time).toISOString();

export const announcement = router({
  /** What operators tell everybody just now. */
  get: user.query(async ({ ctx: { deps } }) => {
    const told = lastingAt(await deps.announcements.read(), deps.clock.now());
    if (!told) return null;
    const workflow = told.workflow && (await deps.workflows.find(told.workflow.id));
    return {
      text: told.text,
      until: told.until === null ? null : iso(told.until),
      countdown: told.countdown,
      eyesOnMe: told.eyesOnMe,
      workflow:
        workflow && told.workflow
          ? { id: workflow.id, name: workflow.name, openedAt: iso(told.workflow.openedAt) }
          : null,
    };
  }),
});
