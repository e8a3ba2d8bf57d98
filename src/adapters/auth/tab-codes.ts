import type { TabCodes } from '#src/ports/auth.ts';
import type { Clock, Random } from '#src/ports/random.ts';

const GOOD_FOR_MS = 30_000;
/** Of one session at a time. */
const MAX = 5;

type Way = { readonly sessionId: string; readonly state: string; readonly expiresAt: number };

/** In memory: after a restart the browser asks for another. */
export function createTabCodes(clock: Clock, random: Random): TabCodes {
  const ways = new Map<string, Way>();
  return {
    issue({ sessionId, state }) {
      const now = clock.now();
      for (const [code, { expiresAt }] of ways) if (expiresAt <= now) ways.delete(code);
      const others = [...ways].filter(([, way]) => way.sessionId === sessionId);
      for (const [code] of others.slice(0, Math.max(0, others.length - MAX + 1))) ways.delete(code);
      const { token } = random.token();
      ways.set(token, { sessionId, state, expiresAt: now + GOOD_FOR_MS });
      return token;
    },

    take(code, state) {
      const way = ways.get(code);
      ways.delete(code);
      return way && way.state === state && clock.now() < way.expiresAt ? way.sessionId : null;
    },
  };
}
