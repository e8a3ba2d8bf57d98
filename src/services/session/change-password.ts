import { AppError } from '#src/domain/errors.ts';
import type { Actor } from '#src/domain/user.ts';
import type { Passwords } from '#src/ports/passwords.ts';
import type { UserStore } from '#src/ports/users.ts';

/** Ends every other session of the user. */
export async function changePassword(
  deps: { users: UserStore; passwords: Passwords },
  actor: Actor,
  input: { current: string; next: string; sessionId: string | null },
): Promise<void> {
  const user = await deps.users.find(actor.userId);
  if (!user || !(await deps.passwords.verify(user.passwordHash, input.current)))
    throw new AppError('wrong_credentials', 'This is not your current passphrase.');
  await deps.users.setPassword(user.id, await deps.passwords.hash(input.next), input.sessionId);
}
