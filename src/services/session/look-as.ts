import { AppError } from '#src/domain/errors.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { UserStore } from '#src/ports/users.ts';
import { member } from '../participants/member.ts';

/** The operator's session shows what the participant sees, until the operator goes back. */
export async function lookAs(
  deps: { users: UserStore },
  operator: Actor,
  input: { id: string; sessionId: string | null },
): Promise<void> {
  if (input.sessionId === null)
    throw new AppError('invalid_input', 'Only browsers can do this: a token has no session.');
  const user = await member(deps.users, input.id);
  if (user.role !== 'participant') throw new AppError('conflict', `${user.name} is an operator, as you are.`);
  if (!user.enabled) throw new AppError('conflict', `${user.name} is disabled. Enable the account first.`);
  await deps.users.turnSession(input.sessionId, operator.userId, user.id);
}
