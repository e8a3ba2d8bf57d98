import { AppError } from '#src/domain/errors.ts';
import { makePassphrase } from '#src/domain/users/passphrase.ts';
import { COMMON, password as passwordSchema } from '#src/domain/users/user.ts';
import type { Passwords } from '#src/ports/auth.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { UserStore } from '#src/ports/users.ts';

/** The first operator. With no password given one is made up, and told to the caller once. Null when there is an operator already. */
export async function ensureOperator(
  deps: { users: UserStore; passwords: Passwords; clock: Clock; random: Random },
  wanted: { name: string; password: string | null },
): Promise<{ name: string; password: string; madeUp: boolean } | null> {
  if (await deps.users.hasOperator()) return null;
  if (await deps.users.byName(wanted.name))
    throw new AppError('conflict', `ADMIN_NAME is "${wanted.name}", but a participant has that name.`);
  if (wanted.password !== null) {
    const fault = passwordSchema.safeParse(wanted.password).error?.issues[0]?.message;
    if (fault !== undefined) throw new AppError('invalid_input', `ADMIN_PASSWORD cannot be used. ${fault}`);
    if (await deps.passwords.isCommon(wanted.password))
      throw new AppError('invalid_input', `ADMIN_PASSWORD cannot be used. ${COMMON}`);
  }
  const password = wanted.password ?? makePassphrase(deps.random.below);
  await deps.users.create({
    id: deps.random.id(),
    name: wanted.name,
    role: 'operator',
    passwordHash: await deps.passwords.hash(password),
    now: deps.clock.now(),
  });
  return { name: wanted.name, password, madeUp: wanted.password === null };
}
