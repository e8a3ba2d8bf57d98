import { ago } from '#src/domain/measures.ts';
import type { Scope } from '#src/domain/users/token-scope.ts';

export const SCOPE_WORDS: Record<Scope, string> = {
  read: 'Read only',
  submit: 'Send jobs and read',
  all: 'Full access',
};

export type TokenFacts = {
  readonly scope: Scope;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly expiresAt: string | null;
};

const SHORT: Record<Scope, string> = { read: 'read only', submit: 'can send jobs', all: 'full access' };

export function tokenWords({ scope, createdAt, lastUsedAt, expiresAt }: TokenFacts, now: Date): string {
  const used = lastUsedAt === null ? 'never used' : `used ${ago(new Date(lastUsedAt), now)}`;
  const end = expiresAt === null ? 'does not expire' : `expires ${new Date(expiresAt).toLocaleDateString('en-GB')}`;
  const ended = expiresAt !== null && Date.parse(expiresAt) <= now.getTime() ? 'expired' : end;
  return `${SHORT[scope]}, created ${ago(new Date(createdAt), now)}, ${used}, ${ended}`;
}
