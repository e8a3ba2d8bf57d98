import { AppError } from '#src/domain/errors.ts';
import type { Actor, Role } from '#src/domain/users/user.ts';
import type { UserStore } from '#src/ports/users.ts';
import { member } from './member.ts';

/** Signs the user out: a new role sees another product. */
export async function setRole(
  deps: { users: UserStore },
  actor: Actor,
  input: { id: string; role: Role },
): Promise<void> {
  if (input.id === actor.userId)
    throw new AppError('conflict', 'You cannot remove your own operator role. Ask another operator.');
  if ((await member(deps.users, input.id)).role === input.role) return;
  await deps.users.setRole(input.id, input.role);
}
