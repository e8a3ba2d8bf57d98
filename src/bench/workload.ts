export type Load = { readonly perSecond: number; readonly latencies: readonly number[] };

/** `callers` at once, each calling again as soon as it has its answer, for `durationMs`. */
export async function load(callers: number, durationMs: number, call: () => Promise<unknown>): Promise<Load> {
  const latencies: number[] = [];
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
  return { perSecond: (latencies.length * 1000) / (performance.now() - began), latencies };
}
