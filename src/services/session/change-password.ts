import { AppError } from '#src/domain/errors.ts';
import { type Actor, COMMON } from '#src/domain/users/user.ts';
import type { Caller, LoginGuard, Passwords } from '#src/ports/auth.ts';
import type { UserStore } from '#src/ports/users.ts';

/** Ends every other session of the user, and all tokens. Tries count like those of a sign-in. */
export async function changePassword(
  deps: { users: UserStore; passwords: Passwords; guard: LoginGuard },
  actor: Actor,
  input: { current: string; next: string; sessionId: string | null; caller: Caller },
): Promise<void> {
  await deps.guard.enter(actor.name, input.caller);
  const user = await deps.users.find(actor.userId);
  if (!user || !(await deps.passwords.verify(user.passwordHash, input.current)))
    throw new AppError('wrong_credentials', 'This is not your current passphrase.');
  await deps.guard.succeeded(actor.name, input.caller);
  if (await deps.passwords.isCommon(input.next)) throw new AppError('invalid_input', COMMON);
  await deps.users.setPassword(user.id, await deps.passwords.hash(input.next), input.sessionId);
}
