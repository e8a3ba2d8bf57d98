import { overdue, type Weighed } from '#src/domain/files/retention.ts';
import type { Clock } from '#src/ports/random.ts';
import type { ResultStore } from '#src/ports/results.ts';
import type { SettingStore } from '#src/ports/settings.ts';

const DAY_MS = 86_400_000;
const AT_ONCE = 500;

type Deps = { results: ResultStore; settings: SettingStore; clock: Clock };

/** What the settings of today say should go, by person. */
export async function planCleanUp(deps: Deps): Promise<Map<string, Weighed[]>> {
  const { keepDays, keepBytesPerParticipant } = await deps.settings.read();
  if (keepDays === null && keepBytesPerParticipant === null) return new Map();
  return overdue(await deps.results.weighed(), {
    before: keepDays === null ? null : deps.clock.now() - keepDays * DAY_MS,
    maxBytes: keepBytesPerParticipant,
  });
}

/** Moves it to the trash, as their owners would: it can be restored for a day, all of it by `at`. */
export async function cleanUp(deps: Deps): Promise<{ at: number; people: number; files: number; bytes: number }> {
  const plan = await planCleanUp(deps);
  const at = deps.clock.now();
  let [files, bytes] = [0, 0];
  for (const [userId, going] of plan)
    for (let from = 0; from < going.length; from += AT_ONCE) {
      const some = going.slice(from, from + AT_ONCE);
      files += await deps.results.trash(
        userId,
        some.map(({ id }) => id),
        at,
      );
      bytes += some.reduce((sum, result) => sum + result.bytes, 0);
    }
  return { at, people: plan.size, files, bytes };
}
