export type Load = {
  readonly perSecond: number;
  readonly latencies: readonly number[];
  /** CPU time of the process that does the work, for each call. */
  readonly cpuMs: number;
};

/** `callers` at once, each calling again as soon as it has its answer, for `durationMs`. */
export async function load(callers: number, durationMs: number, call: () => Promise<unknown>): Promise<Load> {
  const latencies: number[] = [];
  const before = process.cpuUsage();
  const began = performance.now();
  const caller = async (): Promise<void> => {
    for (let from = performance.now(); from - began < durationMs; from = performance.now()) {
      await call();
      latencies.push(performance.now() - from);
      // A driver that works synchronously would keep the other callers from ever getting a turn.
      await new Promise(setImmediate);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const perSecond = (latencies.length * 1000) / (performance.now() - began);
  const { user, system } = process.cpuUsage(before);
  return { perSecond, latencies, cpuMs: (user + system) / 1000 / latencies.length };
}
