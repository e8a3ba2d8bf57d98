import { AppError } from '#src/domain/errors.ts';
import type { Actor } from '#src/domain/user.ts';
import type { LoginGuard, Passwords } from '#src/ports/passwords.ts';
import type { UserStore } from '#src/ports/users.ts';

/** Ends every other session of the user. Tries count like those of a sign-in. */
export async function changePassword(
  deps: { users: UserStore; passwords: Passwords; guard: LoginGuard },
  actor: Actor,
  input: { current: string; next: string; sessionId: string | null; address: string },
): Promise<void> {
  await deps.guard.enter(actor.name, input.address);
  const user = await deps.users.find(actor.userId);
  if (!user || !(await deps.passwords.verify(user.passwordHash, input.current)))
    throw new AppError('wrong_credentials', 'This is not your present passphrase.');
  await deps.guard.succeeded(actor.name, input.address);
  await deps.users.setPassword(user.id, await deps.passwords.hash(input.next), input.sessionId);
}
