import { type Announcement, lastingAt } from '#src/domain/classes/announcement.ts';
import { AppError } from '#src/domain/errors.ts';
import type { AnnouncementStore } from '#src/ports/classes.ts';
import type { Clock } from '#src/ports/random.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import { endAnnouncement } from './end-announcement.ts';

type Deps = { announcements: AnnouncementStore; settings: SettingStore; clock: Clock };

const NOTHING: Announcement = { text: '', until: null, countdown: false, eyesOnMe: false, workflow: null };

/** Tells everybody something; what is not named stays as it is. With nothing left to tell it ends. */
export async function announce(deps: Deps, part: Partial<Announcement>): Promise<void> {
  const now = deps.clock.now();
  const next = { ...(lastingAt(await deps.announcements.read(), now) ?? NOTHING), ...part };
  if (next.until !== null && next.until <= now)
    throw new AppError('invalid_input', 'This time is in the past. Choose a later one.');
  if (next.countdown && next.until === null) throw new AppError('invalid_input', 'A countdown needs an end time.');
  if (next.text === '' && !next.eyesOnMe && next.workflow === null) return endAnnouncement(deps);
  const { dispatchPaused, pausedForEyes } = await deps.settings.read();
  if (next.eyesOnMe && !dispatchPaused) await deps.settings.change({ dispatchPaused: true, pausedForEyes: true });
  if (!next.eyesOnMe && pausedForEyes) await deps.settings.change({ dispatchPaused: false });
  await deps.announcements.write(next);
}
