import { completeChange, settings } from '#src/domain/settings/settings.ts';
import type { Bus } from '#src/ports/events.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import { cachedRead } from '../cached-read.ts';
import type { Database } from '../connection.ts';
import { recordAction } from '../events/record-action.ts';

export function createSettingStore(db: Database, bus: Bus): SettingStore {
  async function read() {
    const rows = await db.setting.findMany();
    return settings.parse(Object.fromEntries(rows.map((row) => [row.key, JSON.parse(row.value)])));
  }
  // Read with every look at a folder and every submit.
  const kept = cachedRead(read);
  return {
    read: kept.read,
    async change(asked) {
      const part = completeChange(asked);
      const next = settings.parse({ ...(await read()), ...part });
      await db.transaction(async (tx) => {
        for (const key of Object.keys(part)) {
          const value = JSON.stringify(Object.entries(next).find(([name]) => name === key)?.[1]);
          await tx.setting.upsert({ where: { key }, update: { value }, create: { key, value } });
        }
        await recordAction(tx);
      });
      kept.forget();
      bus.announce({ type: 'settings.changed' });
      return next;
    },
  };
}
