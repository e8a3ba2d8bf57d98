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
    const announcement = lastingAt(await deps.announcements.read(), deps.clock.now());
    if (!announcement) return null;
    const workflow = announcement.workflow && (await deps.workflows.find(announcement.workflow.id));
    return {
      text: announcement.text,
      until: announcement.until === null ? null : iso(announcement.until),
      countdown: announcement.countdown,
      eyesOnMe: announcement.eyesOnMe,
      workflow:
        workflow && announcement.workflow
          ? { id: workflow.id, name: workflow.name, openedAt: iso(announcement.workflow.openedAt) }
          : null,
    };
  }),
});
