import type { Clock } from '#src/ports/random.ts';
import type { ClassReading, LastDay } from '#src/ports/statistics.ts';

const DAY_MS = 24 * 3_600_000;
const MIN_FRESH_MS = 1000;
/** Of its time the server reads figures for at most one part in so many, however long a day was and however many look. */
const SHARE = 20;

/** What happened in the last day, read once for all who look. */
export function createLastDay(deps: { reading: ClassReading; clock: Clock }): LastDay {
  let reading: ReturnType<LastDay['read']> | null = null;
  let freshUntil = 0;

  async function readNow() {
    const began = performance.now();
    const [facts, prices] = [await deps.reading.since(deps.clock.now() - DAY_MS), await deps.reading.prices()];
    freshUntil = performance.now() + Math.max(MIN_FRESH_MS, SHARE * (performance.now() - began));
    return { ...facts, prices };
  }

  return {
    read() {
      if (reading && performance.now() < freshUntil) return reading;
      freshUntil = Number.POSITIVE_INFINITY;
      reading = readNow();
      reading.catch(() => {
        reading = null;
      });
      return reading;
    },
  };
}
