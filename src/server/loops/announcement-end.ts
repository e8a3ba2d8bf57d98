import { lastingAt } from '#src/domain/classes/announcement.ts';
import type { Acts } from '#src/ports/acts.ts';
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
  acts: Pick<Acts, 'record'>;
  clock: Clock;
  log: Log;
};

/** Ends an announcement when its time is up. */
export function createAnnouncer(deps: Deps) {
  async function endWhatIsOver(): Promise<void> {
    const told = await deps.announcements.read();
    const at = deps.clock.now();
    if (told === null || lastingAt(told, at) !== null) return;
    const detail = { text: told.text, eyesOnMe: told.eyesOnMe };
    const entry = { at, actor: null, type: 'announcement.ended', subjectId: null, detail };
    await deps.acts.record(entry, () => endAnnouncement(deps));
  }
  const loop = createLoop('announcer', EVERY_MS, endWhatIsOver, deps.log);
  return {
    async start() {
      // A crash between the two writes of "eyes on me" would leave everything paused for nothing.
      const { pausedForEyes } = await deps.settings.read();
      const told = await deps.announcements.read();
      if (pausedForEyes && told?.eyesOnMe !== true) await deps.settings.change({ dispatchPaused: false });
      loop.start();
    },
    stop: loop.stop,
  };
}
