import { type BrowserLogEntry, logGroup } from '#src/domain/client-logs/browser-log.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { ClientLogs, LogGuard, LogSource } from '#src/ports/client-logs.ts';
import type { Clock } from '#src/ports/random.ts';

type Deps = { clientLogs: ClientLogs; logGuard: LogGuard; clock: Clock };
type Input = { source: LogSource; browser: string; entries: readonly BrowserLogEntry[] };

/** So long may a browser have kept something back; what it says beyond that, its clock is wrong. */
const OLDEST_MS = 3_600_000;

/** Keeps what went wrong in somebody's browser. */
export async function writeLogs(deps: Deps, actor: Actor, { source, browser, entries }: Input): Promise<void> {
  await deps.logGuard.enter(actor.userId, entries.length);
  const now = deps.clock.now();
  await deps.clientLogs.write({
    userId: actor.userId,
    source,
    browser,
    entries: entries.map((entry) => {
      const at = Date.parse(entry.at);
      return {
        ...entry,
        at: at > now || at < now - OLDEST_MS ? now : at,
        group: logGroup(entry.level, entry.message),
      };
    }),
  });
}
