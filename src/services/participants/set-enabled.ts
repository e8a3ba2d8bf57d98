import { AppError } from '#src/domain/errors.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { Clock } from '#src/ports/random.ts';
import type { UserStore } from '#src/ports/users.ts';
import { member } from './member.ts';

/** Enables a user, or disables one at once, open sockets too. Nobody can disable themselves. */
export async function setEnabled(
  deps: { users: UserStore; clock: Clock },
  actor: Actor,
  input: { id: string; enabled: boolean },
): Promise<void> {
  if (input.id === actor.userId) throw new AppError('conflict', 'You cannot disable yourself.');
  await member(deps.users, input.id);
  await deps.users.setEnabled(input.id, input.enabled, deps.clock.now());
}
