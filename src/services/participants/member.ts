import { AppError } from '#src/domain/errors.ts';
import type { User, UserStore } from '#src/ports/users.ts';

/** Somebody who is in the class; who has left it is "not found". */
export async function member(users: Pick<UserStore, 'find'>, userId: string): Promise<User> {
  const user = await users.find(userId);
  if (!user || user.leftAt !== null) throw new AppError('not_found', 'Participant not found.');
  return user;
}
