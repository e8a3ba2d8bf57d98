import { tooManySettings } from '#src/domain/comfyui/own-settings.ts';
import type { OwnSettingStore } from '#src/ports/comfyui/own-data.ts';
import type { Database, Transaction } from '../connection.ts';
import { recordAction } from '../events/record-action.ts';

async function read(db: Transaction, userId: string): Promise<Map<string, string>> {
  const rows = await db.comfyuiSetting.findMany({ where: { userId }, orderBy: { key: 'asc' } });
  return new Map(rows.map(({ key, value }) => [key, value]));
}

export function createOwnSettingStore(db: Database): OwnSettingStore {
  return {
    all: (userId) => read(db, userId),

    merge: (userId, values) =>
      db.transaction(async (tx) => {
        const before = await read(tx, userId);
        const refusal = tooManySettings(new Map([...before, ...values]));
        if (refusal) throw refusal;
        for (const [key, value] of values)
          if (before.get(key) !== value)
            await tx.comfyuiSetting.upsert({
              where: { userId_key: { userId, key } },
              create: { userId, key, value },
              update: { value },
            });
        await recordAction(tx);
      }),
  };
}
