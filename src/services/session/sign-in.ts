import { AppError } from '#src/domain/errors.ts';
import type { Caller, LoginGuard, Passwords } from '#src/ports/auth.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { User, UserStore } from '#src/ports/users.ts';
import { type OpenedSession, openSession } from './open-session.ts';

/** argon2id of a random string: an unknown name costs the same time as a wrong password. */
const NO_USER_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$MHQrnYNiQGKsbGS0Om0WUTWBPvHsuyGaXb5sDzq5mNk';

export async function signIn(
  deps: { users: UserStore; passwords: Passwords; guard: LoginGuard; clock: Clock; random: Random },
  input: { name: string; password: string; caller: Caller; previousSessionId: string | null },
): Promise<OpenedSession & { user: User; device: string }> {
  // As it was made (domain/users/user.ts): a space more must not be another name to the guard.
  const name = input.name.trim().replace(/\s+/g, ' ');
  await deps.guard.enter(name, input.caller);
  const user = await deps.users.byName(name);
  const right = await deps.passwords.verify(user?.passwordHash ?? NO_USER_HASH, input.password);
  if (!user || !right || !user.enabled) throw new AppError('wrong_credentials', 'Incorrect name or passphrase.');
  const device = await deps.guard.succeeded(name, input.caller);
  return { user, device, ...(await openSession(deps, user.id, input.previousSessionId)) };
}
