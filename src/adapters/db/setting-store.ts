import { completeChange, type Settings, settings } from '#src/domain/settings.ts';
import type { Bus } from '#src/ports/events.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import type { Database } from './connection.ts';

export function createSettingStore(db: Database, bus: Bus): SettingStore {
  async function read() {
    const rows = await db.setting.findMany();
    return settings.parse(Object.fromEntries(rows.map((row) => [row.key, JSON.parse(row.value)])));
  }
  // Read with every look at a folder and every submit; nobody else writes to this database.
  let known: Promise<Settings> | null = null;
  return {
    read() {
      known ??= read().catch((error: unknown) => {
        known = null;
        throw error;
      });
      return known;
    },
    async change(asked) {
      const part = completeChange(asked);
      const next = settings.parse({ ...(await read()), ...part });
      await db.$transaction(
        Object.keys(part).map((key) => {
          const value = JSON.stringify(Object.entries(next).find(([name]) => name === key)?.[1]);
          return db.setting.upsert({ where: { key }, update: { value }, create: { key, value } });
        }),
      );
      known = null;
      bus.announce({ type: 'settings.changed' });
      return next;
    },
  };
}
