import type { AnnouncementStore } from '#src/ports/classes.ts';
import type { SettingStore } from '#src/ports/settings.ts';

/** Nothing is told any more; what was paused for it goes on. */
export async function endAnnouncement(deps: {
  announcements: AnnouncementStore;
  settings: SettingStore;
}): Promise<void> {
  await deps.announcements.write(null);
  const { pausedForEyes } = await deps.settings.read();
  if (pausedForEyes) await deps.settings.change({ dispatchPaused: false });
}
