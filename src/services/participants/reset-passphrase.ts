import { AppError } from '#src/domain/errors.ts';
import { makePassphrase } from '#src/domain/users/passphrase.ts';
import type { Passwords } from '#src/ports/auth.ts';
import type { Random } from '#src/ports/random.ts';
import type { UserStore } from '#src/ports/users.ts';
import type { Credentials } from './create-participants.ts';
import { member } from './member.ts';

/** The old passphrase and all sessions end. */
export async function resetPassphrase(
  deps: { users: UserStore; passwords: Passwords; random: Random },
  userId: string,
): Promise<Credentials> {
  const user = await member(deps.users, userId);
  if (user.role !== 'participant') throw new AppError('not_found', 'Participant not found.');
  const passphrase = makePassphrase(deps.random.below);
  await deps.users.setPassword(user.id, await deps.passwords.hash(passphrase), null);
  return { id: user.id, name: user.name, passphrase };
}
