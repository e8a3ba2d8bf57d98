import { AppError } from '#src/domain/errors.ts';
import { SESSION_MS } from '#src/domain/users/session.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { TabCodes } from '#src/ports/auth.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { UserStore } from '#src/ports/users.ts';
import type { OpenedSession } from './open-session.ts';

type Deps = { users: UserStore; tabCodes: TabCodes; auditLog: Pick<AuditLog, 'write'>; clock: Clock; random: Random };

/** An operator has opened somebody's ComfyUI. */
async function record(deps: Deps, userId: string, operatorId: string): Promise<void> {
  const [user, operator] = [await deps.users.find(userId), await deps.users.find(operatorId)];
  if (!user || !operator) return;
  await deps.auditLog.write({
    at: deps.clock.now(),
    actor: { id: operator.id, name: operator.name },
    onBehalfOf: { id: user.id, name: user.name },
    type: 'comfyui.opened',
    subjectId: user.id,
    detail: { as: user.name },
  });
}

/** Opens a session for the ComfyUI tab by a code from the gallery. Null: this browser has the one that belongs to it already. */
export async function enterTab(
  deps: Deps,
  input: { code: string; state: string; cookie: string | null },
): Promise<(OpenedSession & { userId: string }) | null> {
  const parentId = deps.tabCodes.take(input.code, input.state);
  const now = deps.clock.now();
  const before = input.cookie === null ? null : await deps.users.session(deps.random.hashToken(input.cookie), now);
  // Other tabs of this browser stand on it.
  if (parentId !== null && before?.parentId === parentId) return null;
  const { token, hash } = deps.random.token();
  const expiresAt = now + SESSION_MS;
  const opened =
    parentId === null
      ? null
      : await deps.users.openTabSession({ id: deps.random.id(), tokenHash: hash, parentId, now, expiresAt });
  if (opened === null)
    throw new AppError(
      'not_signed_in',
      'This way into ComfyUI was used already, is older than 30 seconds, or is another browser’s. Open ComfyUI from the gallery again.',
    );
  if (before?.parentId) await deps.users.closeSession(before.id);
  const { userId, operatorId } = opened;
  if (operatorId !== null) await record(deps, userId, operatorId);
  return { userId, token, expiresAt };
}
