import { z } from 'zod';

const minutes = (value: number): number => value * 60_000;

const shape = z.object({
  intakePaused: z.boolean(),
  dispatchPaused: z.boolean(),
  /** It was "eyes on me" that paused sending, and whoever ends that lets it go on. */
  pausedForEyes: z.boolean(),
  /** Jobs of one participant that may be on GPUs at the same time. */
  inFlightCap: z.number().int().min(1).max(100),
  /** Jobs of one participant that may wait in line. */
  waitingCap: z.number().int().min(1).max(10_000),
  /** The largest file that may be uploaded as an input. */
  inputLimitBytes: z.number().int().min(1),
  spotFirst: z.boolean(),
  /** How often a job is sent before it is given up. */
  maxAttempts: z.number().int().min(1).max(10),
  /** Ask workers what became of attempts that show no sign of life. */
  probe: z.boolean(),
  startBudgetMs: z.number().int().min(1000),
  jobTimeoutMs: z.number().int().min(1000),
  /** Names of their makers under what hangs on the class wall. */
  wallNames: z.boolean(),
});
/** What operators can set while the class runs. */
export type Settings = z.infer<typeof shape>;

const DEFAULTS: Settings = {
  intakePaused: false,
  dispatchPaused: false,
  pausedForEyes: false,
  inFlightCap: 2,
  waitingCap: 500,
  inputLimitBytes: 2 * 1024 ** 3,
  spotFirst: true,
  maxAttempts: 3,
  probe: true,
  startBudgetMs: minutes(10),
  jobTimeoutMs: minutes(30),
  wallNames: true,
};

/** Some of the settings; what is not named stays as it is. */
export const settingsChange = shape.partial();

/** All settings: what is stored, and the defaults for the rest. */
export const settings = z
  .record(z.string(), z.unknown())
  .transform((stored) => ({ ...DEFAULTS, ...stored }))
  .pipe(shape);
