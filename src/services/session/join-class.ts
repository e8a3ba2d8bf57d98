import { AppError } from '#src/domain/errors.ts';
import { toJoinCode } from '#src/domain/join-code.ts';
import { makePassphrase } from '#src/domain/passphrase.ts';
import type { Acts } from '#src/ports/acts.ts';
import type { JoinCode, JoinCodes } from '#src/ports/join-codes.ts';
import type { LoginGuard, Passwords } from '#src/ports/passwords.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { User, UserStore } from '#src/ports/users.ts';
import { type OpenedSession, openSession } from './open-session.ts';

type Deps = {
  users: UserStore;
  joinCodes: JoinCodes;
  acts: Acts;
  passwords: Passwords;
  guard: LoginGuard;
  clock: Clock;
  random: Random;
};

const full = (seats: number): AppError =>
  new AppError('conflict', `All ${seats} seats of this class are taken. Ask the teacher.`);

function assertOpen({ closedAt, expiresAt, taken, seats }: JoinCode, now: number): void {
  if (closedAt !== null) throw new AppError('conflict', 'This class code is closed. Ask the teacher.');
  if (expiresAt <= now) throw new AppError('conflict', 'This class code has expired. Ask the teacher for a new one.');
  if (taken >= seats) throw full(seats);
}

/** Makes an account for somebody who has the code of the class, and signs her in. Her passphrase is told once and stored nowhere. */
export async function joinClass(
  deps: Deps,
  input: { code: string; name: string; address: string },
): Promise<{ user: User; passphrase: string; session: OpenedSession }> {
  const { name, address } = input;
  // Not to be taken for tries of her own passphrase: no name has a colon.
  const tries = `join:${name}`;
  await deps.guard.enter(tries, address);
  const found = await deps.joinCodes.byCode(toJoinCode(input.code));
  if (!found) throw new AppError('not_found', 'This class code does not exist. Check each letter.');
  assertOpen(found, deps.clock.now());
  if (await deps.users.byName(name))
    throw new AppError('conflict', `The name "${name}" is taken. Add something, such as a second name.`);
  const passphrase = makePassphrase(deps.random.below);
  const user = await deps.joinCodes.takeSeat(found.id, {
    id: deps.random.id(),
    name,
    role: 'participant',
    passwordHash: await deps.passwords.hash(passphrase),
    now: deps.clock.now(),
  });
  if (!user) throw full(found.seats);
  await deps.guard.succeeded(tries, address);
  await deps.acts.write({
    at: deps.clock.now(),
    actor: null,
    type: 'class.joined',
    subjectId: user.id,
    detail: { name: user.name, code: found.code },
  });
  return { user, passphrase, session: await openSession(deps, user.id) };
}
