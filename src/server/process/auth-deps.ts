import { createJoinGuard } from '#src/adapters/auth/join-guard.ts';
import { createLogGuard } from '#src/adapters/auth/log-guard.ts';
import { createLoginGuard } from '#src/adapters/auth/login-guard.ts';
import { appearanceOf } from '#src/adapters/auth/lookalikes.ts';
import { createPasswords } from '#src/adapters/auth/passwords.ts';
import { random } from '#src/adapters/auth/random.ts';
import { createSealer } from '#src/adapters/auth/sealer.ts';
import { createTabCodes } from '#src/adapters/auth/tab-codes.ts';
import type { Clock } from '#src/ports/random.ts';
import { THREADS } from './threads.ts';

/** Who is let in, and what is kept secret. */
export const createAuthDeps = (clock: Clock) => ({
  passwords: createPasswords(THREADS.hashing),
  guard: createLoginGuard(),
  joinGuard: createJoinGuard(),
  logGuard: createLogGuard(),
  appearanceOf,
  random,
  sealer: createSealer(),
  tabCodes: createTabCodes(clock, random),
});
