import { makeJoinCode } from '#src/domain/users/join-code.ts';
import type { JoinCode, JoinCodes } from '#src/ports/classes.ts';
import type { Clock, Random } from '#src/ports/random.ts';

const MINUTE = 60_000;

/** A new code that so many people may join by, for so long. */
export async function openClass(
  deps: { joinCodes: JoinCodes; clock: Clock; random: Random },
  input: { seats: number; minutes: number },
): Promise<JoinCode> {
  let code = makeJoinCode(deps.random.below);
  while (await deps.joinCodes.byCode(code)) code = makeJoinCode(deps.random.below);
  const now = deps.clock.now();
  const opened = {
    id: deps.random.id(),
    code,
    seats: input.seats,
    createdAt: now,
    expiresAt: now + input.minutes * MINUTE,
  };
  await deps.joinCodes.add(opened);
  return { ...opened, taken: 0, closedAt: null };
}
