import { COOL_DOWNS } from '#src/domain/endpoints/circuit-breaker.ts';
import { ASKING } from '#src/domain/jobs/run-report.ts';

/** How patient the loops are. */
export const TIMINGS = {
  /** A file whose format proves nothing is whole when it has not changed for so long. */
  quietMs: 2500,
  /** After the end of a run: nothing new for so long, or for three scans where that is longer, and what has not come does not come. */
  endQuietMs: 800,
  /** Where nobody tells of a run's end: nothing new for so long. */
  graceMs: 60_000,
  /** How often the folders of attempts that have ended are looked at. */
  lateEveryMs: 15_000,
  /** When nothing of a request's body arrives for so long, it is given up. */
  stalledMs: 60_000,
  asking: ASKING,
  coolDowns: COOL_DOWNS,
  /** How often ComfyUI's page at an endpoint is compared, and how often read again in any case, while jobs run there; and how many of the files that somebody wanted are read at a time. */
  frontEnd: { checkEveryMs: 10 * 60_000, captureEveryMs: 12 * 3_600_000, maxWanted: 300 },
  /** How often the GPU platform is looked at while anything is going on there, and how long after it is let go. */
  platform: {
    everyMs: 5000,
    listEveryMs: 5 * 60_000,
    quietMs: 60_000,
    /** Logs reach the platform's store a little late. */
    explainAfterMs: 15_000,
    coolDowns: { firstMs: 5000, maxMs: 5 * 60_000 },
  },
};
export type Timings = typeof TIMINGS;
