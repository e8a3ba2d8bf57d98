import { AppError } from '#src/domain/errors.ts';
import { SESSION_MS } from '#src/domain/users/session.ts';
import type { TabCodes } from '#src/ports/auth.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { UserStore } from '#src/ports/users.ts';
import type { OpenedSession } from './open-session.ts';

/** Opens a session for the ComfyUI tab by a code from the gallery. Null: this browser has the one that belongs to it already. */
export async function enterTab(
  deps: { users: UserStore; tabCodes: TabCodes; clock: Clock; random: Random },
  input: { code: string; state: string; cookie: string | null },
): Promise<(OpenedSession & { userId: string }) | null> {
  const parentId = deps.tabCodes.take(input.code, input.state);
  const now = deps.clock.now();
  const before = input.cookie === null ? null : await deps.users.session(deps.random.hashToken(input.cookie), now);
  // Other tabs of this browser stand on it.
  if (parentId !== null && before?.parentId === parentId) return null;
  const { token, hash } = deps.random.token();
  const expiresAt = now + SESSION_MS;
  const userId =
    parentId === null
      ? null
      : await deps.users.openTabSession({ id: deps.random.id(), tokenHash: hash, parentId, now, expiresAt });
  if (userId === null)
    throw new AppError(
      'not_signed_in',
      'This way into ComfyUI was used already, is older than 30 seconds, or is another browser’s. Open ComfyUI from the gallery again.',
    );
  if (before?.parentId) await deps.users.closeSession(before.id);
  return { userId, token, expiresAt };
}
