import type { Log } from '#src/ports/log.ts';

export type Loop = {
  start(): void;
  /** Look soon; however often it is called, one look follows. */
  nudge(): void;
  /** Resolves when the look that is under way has ended; none begins after. */
  stop(): Promise<void>;
};

/** Looks take a quarter of the time at most, unless they are very short or very long. */
const REST_PER_PASS = 3;
const SHORT_MS = 20;
const MIN_REST_MS = 5;
const MAX_REST_MS = 1000;

/** Runs `tick` again and again, never twice at once: after `everyMs`, or when nudged. Rests in proportion to what the last look took. */
export function createLoop(name: string, everyMs: number, tick: () => Promise<void>, log: Log): Loop {
  let running: Promise<void> | null = null;
  let stopped = false;
  let nudged = false;
  let wake: () => void = () => undefined;

  const sleep = (ms: number, wakeable: boolean) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        if (!wakeable && !stopped) return;
        clearTimeout(timer);
        resolve();
      };
      if (stopped || (wakeable && nudged)) wake();
    });

  async function run(): Promise<void> {
    while (!stopped) {
      nudged = false;
      const began = performance.now();
      try {
        await tick();
      } catch (error) {
        log.error({ err: error, loop: name }, 'iteration failed, continuing with the next');
      }
      const took = performance.now() - began;
      const rest = Math.min(MAX_REST_MS, Math.max(MIN_REST_MS, REST_PER_PASS * (took - SHORT_MS)));
      await sleep(rest, false);
      await sleep(Math.max(0, everyMs - took - rest), true);
    }
  }

  return {
    start() {
      running ??= run();
    },
    nudge() {
      nudged = true;
      wake();
    },
    async stop() {
      stopped = true;
      wake();
      await running;
    },
  };
}
