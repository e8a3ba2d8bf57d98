import { AppError } from '#src/domain/errors.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { JoinCodes } from '#src/ports/classes.ts';
import { deleteParticipant } from './delete-participant.ts';

/** In one step against a code that got into wrong hands: nobody joins by it any more, and who joined by it and has sent nothing has left. They can be restored. */
export async function removeJoined(
  deps: Parameters<typeof deleteParticipant>[0] & { joinCodes: JoinCodes; auditLog: Pick<AuditLog, 'part'> },
  actor: Actor,
  codeId: string,
): Promise<{ removed: number; kept: number }> {
  const joined = await deps.joinCodes.joined(codeId);
  if (!joined) throw new AppError('not_found', 'Class code not found.');
  await deps.joinCodes.close(codeId, deps.clock.now());
  const idle = joined.filter(({ jobs }) => jobs === 0);
  for (const { id } of idle)
    await deps.auditLog.part('ids', id, () => deleteParticipant(deps, actor, { id, withWork: false }));
  return { removed: idle.length, kept: joined.length - idle.length };
}
