import { AppError } from '#src/domain/errors.ts';
import type { UserStore } from '#src/ports/users.ts';

/** Restores a removed account, with its passphrase as it was; under another name where somebody else has its own by now. */
export async function restoreParticipant(
  deps: { users: UserStore },
  { id, name }: { id: string; name?: string | undefined },
): Promise<void> {
  const user = await deps.users.find(id);
  if (!user || user.leftAt === null) throw new AppError('not_found', 'Former participant not found.');
  await deps.users.comeBack(id, name ?? user.name);
}
