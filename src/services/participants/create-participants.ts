import { AppError } from '#src/domain/errors.ts';
import { nameKey } from '#src/domain/users/name-key.ts';
import { makePassphrase } from '#src/domain/users/passphrase.ts';
import type { Passwords } from '#src/ports/auth.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { Caps, NewUser, UserStore } from '#src/ports/users.ts';

export type Newcomer = { readonly name: string; readonly caps?: Caps };
export type Credentials = { id: string; name: string; passphrase: string };

/** Makes all or, when a name is taken or given twice, none of them. The passphrases are told once and stored nowhere. */
export async function createParticipants(
  deps: { users: UserStore; passwords: Passwords; clock: Clock; random: Random },
  newcomers: readonly Newcomer[],
): Promise<Credentials[]> {
  const keys = new Set<string>();
  for (const { name } of newcomers) {
    if (keys.has(nameKey(name))) throw new AppError('conflict', `"${name}" is listed twice.`);
    keys.add(nameKey(name));
    if (await deps.users.byName(name))
      throw new AppError('conflict', `A user named "${name}" already exists. Nobody was added.`);
  }
  const made: (Credentials & NewUser)[] = [];
  for (const { name, caps } of newcomers) {
    const passphrase = makePassphrase(deps.random.below);
    const passwordHash = await deps.passwords.hash(passphrase);
    const id = deps.random.id();
    const now = deps.clock.now();
    made.push({ id, name, role: 'participant', passphrase, passwordHash, now, ...(caps && { caps }) });
  }
  await deps.users.createAll(made);
  return made.map(({ id, name, passphrase }) => ({ id, name, passphrase }));
}
