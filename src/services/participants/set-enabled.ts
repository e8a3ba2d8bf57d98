import { AppError } from '#src/domain/errors.ts';
import type { Actor } from '#src/domain/user.ts';
import type { Clock } from '#src/ports/random.ts';
import type { UserStore } from '#src/ports/users.ts';

/** Lets a user in, or out at once, open sockets too. Nobody can shut herself out. */
export async function setEnabled(
  deps: { users: UserStore; clock: Clock },
  actor: Actor,
  input: { id: string; enabled: boolean },
): Promise<void> {
  if (input.id === actor.userId) throw new AppError('conflict', 'You cannot disable yourself.');
  if (!(await deps.users.find(input.id))) throw new AppError('not_found', 'There is no such participant.');
  await deps.users.setEnabled(input.id, input.enabled, deps.clock.now());
}
