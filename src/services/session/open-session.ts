import { SESSION_MS } from '#src/domain/users/session.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { UserStore } from '#src/ports/users.ts';

export type OpenedSession = { token: string; expiresAt: number };

/** The token goes to the browser; only its hash is stored. The session that the browser had until now ends. */
export async function openSession(
  deps: { users: UserStore; clock: Clock; random: Random },
  userId: string,
  previousSessionId: string | null,
): Promise<OpenedSession> {
  const { token, hash } = deps.random.token();
  const now = deps.clock.now();
  const expiresAt = now + SESSION_MS;
  await deps.users.openSession({ id: deps.random.id(), tokenHash: hash, userId, now, expiresAt });
  if (previousSessionId !== null) await deps.users.closeSession(previousSessionId);
  return { token, expiresAt };
}
