import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';
import { TOKEN_PREFIX } from '#src/domain/users/session.ts';
import type { Random } from '#src/ports/random.ts';

const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

export const random: Random = {
  id: () => randomUUID(),
  token() {
    const token = `${TOKEN_PREFIX}${randomBytes(32).toString('base64url')}`;
    return { token, hash: hashToken(token) };
  },
  hashToken,
  // randomInt needs a range below 2^48.
  below: (below) => randomInt(Math.min(below, 2 ** 48 - 1)),
};
