import { announcement } from '#src/domain/classes/announcement.ts';
import type { AnnouncementStore } from '#src/ports/classes.ts';
import type { Bus } from '#src/ports/events.ts';
import { cachedRead } from '../cached-read.ts';
import type { Database } from '../connection.ts';
import { recordAction } from '../events/record-action.ts';

/** A row beside the settings. */
const KEY = 'announcement';

export function createAnnouncementStore(db: Database, bus: Bus): AnnouncementStore {
  async function read() {
    const row = await db.setting.findUnique({ where: { key: KEY } });
    return announcement.nullable().parse(row && JSON.parse(row.value));
  }
  // Every page asks for it, and a loop each second.
  const kept = cachedRead(read);
  return {
    read: kept.read,
    async write(next) {
      const value = JSON.stringify(next);
      await db.transaction(async (tx) => {
        await tx.setting.upsert({ where: { key: KEY }, update: { value }, create: { key: KEY, value } });
        await recordAction(tx);
      });
      kept.forget();
      bus.announce({ type: 'announcement.changed' });
    },
  };
}
