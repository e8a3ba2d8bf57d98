import type { Deps } from '#src/server/process/deps.ts';

/** ComfyUI's page is never read from the GPUs: nothing but jobs reaches them, whatever runs there. */
export const withoutCaptures = (deps: Deps): Deps => ({
  ...deps,
  timings: { ...deps.timings, frontEnd: { ...deps.timings.frontEnd, checkEveryMs: Number.POSITIVE_INFINITY } },
});
