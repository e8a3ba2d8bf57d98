import { type Announcement, announcement } from '#src/domain/announcement.ts';
import type { AnnouncementStore } from '#src/ports/announcement.ts';
import type { Bus } from '#src/ports/events.ts';
import type { Database } from './connection.ts';

/** A row beside the settings. */
const KEY = 'announcement';

export function createAnnouncementStore(db: Database, bus: Bus): AnnouncementStore {
  async function read() {
    const row = await db.setting.findUnique({ where: { key: KEY } });
    return announcement.nullable().parse(row && JSON.parse(row.value));
  }
  // Every page asks for it, and a loop each second; nobody else writes to this database.
  let known: Promise<Announcement | null> | null = null;
  return {
    read() {
      known ??= read().catch((error: unknown) => {
        known = null;
        throw error;
      });
      return known;
    },
    async write(next) {
      const value = JSON.stringify(next);
      await db.setting.upsert({ where: { key: KEY }, update: { value }, create: { key: KEY, value } });
      known = null;
      bus.announce({ type: 'announcement.changed' });
    },
  };
}
