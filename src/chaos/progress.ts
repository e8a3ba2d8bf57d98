import { setTimeout as sleep } from 'node:timers/promises';
import type { Visitor } from '#src/server/integration/testing/visitor.ts';
import { answered } from './person.ts';

const LOOK_EVERY_MS = 200;
/** Longer than any fault lasts and the product may take to be sure of a loss. */
const MAX_STILL_MS = 180_000;

/** How many jobs have ended. All that happens is tied to this and not to the clock, so that a slow machine has the same run as a fast one. */
export function createProgress(operator: Visitor, maxMs: number, onEnded: (ended: number) => void) {
  let submitted = 0;
  let open = 0;
  let ended = 0;
  const began = performance.now();
  let movedAt = began;
  let isOver = false;

  async function check(): Promise<void> {
    while (!isOver) {
      const { waiting, inFlight } = await answered(() => operator.api.admin.queue.state.query());
      open = waiting + inFlight;
      const now = Math.max(ended, submitted - open);
      if (now > ended) {
        movedAt = performance.now();
        ended = now;
        onEnded(ended);
      }
      await sleep(LOOK_EVERY_MS);
    }
  }

  async function stuck(why: string): Promise<Error> {
    const { items } = await answered(() => operator.api.admin.queue.jobs.query({ limit: 20 }));
    const lines = items.map(
      ({ id, status, reason, attempts }) => `  ${id}: ${status}, ${reason ?? 'no reason'}, ${attempts} tries`,
    );
    return new Error(`${why}; ${ended} jobs have, ${open} have not:\n${lines.join('\n')}`);
  }

  return {
    start: (): Promise<void> => check(),
    submitted: (): void => {
      submitted += 1;
    },
    /** Resolves when so many jobs have ended; gives up when nothing moves any more. */
    async reach(count: number): Promise<void> {
      while (ended < count) {
        const now = performance.now();
        if (now - movedAt > MAX_STILL_MS) throw await stuck(`Nothing has ended for ${MAX_STILL_MS / 1000} s`);
        if (now - began > maxMs) throw await stuck(`This has taken more than ${maxMs / 1000} s`);
        await sleep(LOOK_EVERY_MS / 4);
      }
    },
    stop: (): void => {
      isOver = true;
    },
  };
}
