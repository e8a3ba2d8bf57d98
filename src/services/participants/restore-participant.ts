import { AppError } from '#src/domain/errors.ts';
import type { UserStore } from '#src/ports/users.ts';

/** Restores a removed account, with its passphrase as it was. */
export async function restoreParticipant(deps: { users: UserStore }, userId: string): Promise<void> {
  const user = await deps.users.find(userId);
  if (!user || user.leftAt === null) throw new AppError('not_found', 'Former participant not found.');
  await deps.users.comeBack(userId);
}
