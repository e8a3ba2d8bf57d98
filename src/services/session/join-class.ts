import { AppError } from '#src/domain/errors.ts';
import { toJoinCode } from '#src/domain/users/join-code.ts';
import { makePassphrase } from '#src/domain/users/passphrase.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { AppearanceOf, JoinGuard, Passwords } from '#src/ports/auth.ts';
import type { JoinCode, JoinCodes } from '#src/ports/classes.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { User, UserStore } from '#src/ports/users.ts';
import { type OpenedSession, openSession } from './open-session.ts';

type Deps = {
  users: UserStore;
  joinCodes: JoinCodes;
  auditLog: AuditLog;
  appearanceOf: AppearanceOf;
  passwords: Passwords;
  joinGuard: JoinGuard;
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

/** Makes an account for somebody who has the code of the class, and signs them in. The passphrase is shown once and stored nowhere. */
export async function joinClass(
  deps: Deps,
  input: { code: string; name: string; address: string; previousSessionId: string | null },
): Promise<{ user: User; passphrase: string; session: OpenedSession }> {
  const { name, address } = input;
  await deps.joinGuard.tryCode(address);
  const found = await deps.joinCodes.byCode(toJoinCode(input.code));
  if (!found) throw new AppError('not_found', 'This class code does not exist. Check each letter.');
  await deps.joinGuard.rightCode(address);
  assertOpen(found, deps.clock.now());
  if (await deps.users.byName(name))
    throw new AppError('conflict', `The name "${name}" is taken. Add something, such as a second name.`);
  const appearance = deps.appearanceOf(name);
  const double = (await deps.users.list()).find((user) => deps.appearanceOf(user.name) === appearance);
  if (double)
    throw new AppError(
      'conflict',
      `"${name}" looks like "${double.name}", who is already in the class. Add something, such as a second name.`,
    );
  await deps.joinGuard.takeSeat(address);
  const passphrase = makePassphrase(deps.random.below);
  const id = deps.random.id();
  const passwordHash = await deps.passwords.hash(passphrase);
  const now = deps.clock.now();
  const entry = { at: now, actor: null, type: 'class.joined', subjectId: id, detail: { name, code: found.code } };
  const user = await deps.auditLog.record(entry, async () => {
    const seated = await deps.joinCodes.takeSeat(found.id, { id, name, role: 'participant', passwordHash, now });
    if (seated) return seated;
    await deps.joinGuard.noSeat(address);
    throw full(found.seats);
  });
  return { user, passphrase, session: await openSession(deps, user.id, input.previousSessionId) };
}
