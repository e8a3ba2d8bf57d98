import { lastingAt } from '#src/domain/classes/announcement.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { AnnouncementStore } from '#src/ports/classes.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import { endAnnouncement } from '#src/services/announcement/end-announcement.ts';
import { createLoop } from './loop.ts';

const EVERY_MS = 1000;

type Deps = {
  announcements: AnnouncementStore;
  settings: SettingStore;
  auditLog: Pick<AuditLog, 'record'>;
  clock: Clock;
  log: Log;
};

/** Ends an announcement when its time is up. */
export function createAnnouncer(deps: Deps) {
  async function endWhatIsOver(): Promise<void> {
    const announcement = await deps.announcements.read();
    const at = deps.clock.now();
    if (announcement === null || lastingAt(announcement, at) !== null) return;
    const detail = { text: announcement.text, eyesOnMe: announcement.eyesOnMe };
    const entry = { at, actor: null, type: 'announcement.ended', subjectId: null, detail };
    await deps.auditLog.record(entry, () => endAnnouncement(deps));
  }
  const loop = createLoop('announcer', EVERY_MS, endWhatIsOver, deps.log);
  return {
    async start() {
      // A crash between the two writes of "please look up" would leave everything paused for nothing.
      const { pausedForEyes } = await deps.settings.read();
      const announcement = await deps.announcements.read();
      if (pausedForEyes && announcement?.eyesOnMe !== true) await deps.settings.change({ dispatchPaused: false });
      loop.start();
    },
    stop: loop.stop,
  };
}
