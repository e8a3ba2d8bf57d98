import type { ContentHashes } from '#src/ports/api-v2/assets.ts';
import type { Database } from '../connection.ts';
import { toInput, toResult, WITH_METADATA } from '../rows.ts';

export const createContentHashes = (db: Database): ContentHashes => ({
  async find(userId, blake3) {
    const input = await db.input.findFirst({ where: { userId, blake3 }, orderBy: { createdAt: 'desc' } });
    if (input) return { type: 'input', input: toInput(input) };
    // In no order: with one, SQLite goes through everybody's results instead of the index of hashes.
    const result = await db.result.findFirst({
      where: { userId, blake3, deliveredAt: { not: null }, removedAt: null, preview: false },
      include: WITH_METADATA,
    });
    return result && { type: 'result', result: toResult(result) };
  },

  async record(asset, blake3) {
    if (asset.type === 'input') {
      const { id, sha256 } = asset.input;
      await db.input.updateMany({ where: { id, sha256 }, data: { blake3 } });
    } else {
      const { id, sha256 } = asset.result;
      await db.result.updateMany({ where: { id, sha256 }, data: { blake3 } });
    }
  },
});
