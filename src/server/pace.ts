import { RESTS } from '#src/domain/breaker.ts';
import { PROBING } from '#src/domain/probe.ts';

/** How patient the loops are. */
export const PACE = {
  /** Nothing new for so long, where no finish marker can be built. A save node of the core writes its files one right after the other. */
  quietMs: 2500,
  /** Nothing new for so long: what is missing will not come. */
  graceMs: 60_000,
  /** How often the folders of attempts that have ended are looked at. */
  lateEveryMs: 15_000,
  probe: PROBING,
  rests: RESTS,
  /** How often the GPU platform is looked at while anything is going on there, and how long after it is let go. */
  platform: {
    everyMs: 5000,
    listEveryMs: 5 * 60_000,
    quietMs: 60_000,
    /** Logs reach the platform's store a little late. */
    explainAfterMs: 15_000,
    rests: { firstMs: 5000, longestMs: 5 * 60_000 },
  },
};
export type Pace = typeof PACE;
