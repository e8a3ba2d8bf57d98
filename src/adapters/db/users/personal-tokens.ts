import { MAX_TOKENS } from '#src/domain/users/user.ts';
import type { UserStore } from '#src/ports/users.ts';
import { batched } from '../batched.ts';
import type { Database } from '../connection.ts';
import { recordAction } from '../events/record-action.ts';
import { toToken, toUser } from '../rows.ts';

export const MAY_COME_IN = { disabledAt: null, deletedAt: null } as const;
export const mayComeIn = (row: { disabledAt: Date | null; deletedAt: Date | null }): boolean =>
  row.disabledAt === null && row.deletedAt === null;

type Tokens = Pick<UserStore, 'addToken' | 'token' | 'tokenUsed' | 'tokens' | 'allTokens' | 'revokeToken'>;

/** `ended` tells that a token of this user came to its end. */
export function personalTokens(db: Database, ended: (userId: string) => void): Tokens {
  const tokenByHash = batched(async (hashes: readonly string[]) => {
    const rows = await db.personalToken.findMany({
      where: { tokenHash: { in: [...hashes] } },
      include: { user: true },
    });
    const byHash = new Map(rows.map((row) => [row.tokenHash, row]));
    return hashes.map((hash) => byHash.get(hash) ?? null);
  });

  return {
    addToken: ({ now, expiresAt, ...token }) =>
      db.transaction(async (tx) => {
        if ((await tx.personalToken.count({ where: { userId: token.userId } })) >= MAX_TOKENS) return false;
        await tx.personalToken.create({
          data: {
            ...token,
            createdAt: new Date(now),
            expiresAt: expiresAt === null ? null : new Date(expiresAt),
          },
        });
        return true;
      }),

    async token(tokenHash, now) {
      const row = await tokenByHash(tokenHash);
      if (!row || !mayComeIn(row.user)) return null;
      const { id, scope, lastUsedAt, expiresAt } = toToken(row);
      return expiresAt !== null && expiresAt <= now ? null : { id, scope, lastUsedAt, user: toUser(row.user) };
    },

    async tokenUsed(tokenId, now) {
      await db.personalToken.updateMany({ where: { id: tokenId }, data: { lastUsedAt: new Date(now) } });
    },

    async tokens(userId) {
      const rows = await db.personalToken.findMany({ where: { userId }, orderBy: { createdAt: 'desc' } });
      return rows.map(toToken);
    },

    async allTokens() {
      const rows = await db.personalToken.findMany({
        where: { user: MAY_COME_IN },
        orderBy: { createdAt: 'desc' },
        include: { user: { select: { id: true, name: true } } },
      });
      return rows.map((row) => ({ ...toToken(row), user: row.user }));
    },

    async revokeToken(userId, tokenId) {
      const found = await db.personalToken.findUnique({ where: { id: tokenId } });
      if (!found || (userId !== null && found.userId !== userId)) return false;
      const count = await db.transaction(async (tx) => {
        const gone = await tx.personalToken.deleteMany({ where: { id: tokenId } });
        if (gone.count > 0) await recordAction(tx);
        return gone.count;
      });
      if (count > 0) ended(found.userId);
      return count > 0;
    },
  };
}
