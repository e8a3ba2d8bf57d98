import { z } from 'zod';

const minutes = (value: number): number => value * 60_000;

const shape = z.object({
  intakePaused: z.boolean(),
  dispatchPaused: z.boolean(),
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
  /** In which prices of endpoints are told. */
  currency: z.string().regex(/^[A-Z]{3}$/, 'should be three letters, such as EUR'),
  /** How long the platform leaves a GPU up that has nothing to do: its scale-down delay. */
  staysWarmMs: z.number().int().min(30_000).max(86_400_000),
  /** Results older than this may be cleaned up; null = never for their age. */
  keepDays: z.number().int().min(1).max(3650).nullable(),
  /** Of what one participant has beyond this, the oldest may be cleaned up; null = never for its size. */
  keepBytesPerParticipant: z.number().int().min(1_000_000).nullable(),
  /** Clean up once a day, without being asked. */
  cleanUpDaily: z.boolean(),
});
/** What operators can set while the class runs. */
export type Settings = z.infer<typeof shape>;

const DEFAULTS: Settings = {
  intakePaused: false,
  dispatchPaused: false,
  inFlightCap: 2,
  waitingCap: 500,
  inputLimitBytes: 2 * 1024 ** 3,
  spotFirst: true,
  maxAttempts: 3,
  probe: true,
  startBudgetMs: minutes(10),
  jobTimeoutMs: minutes(30),
  wallNames: true,
  currency: 'EUR',
  staysWarmMs: minutes(5),
  keepDays: null,
  keepBytesPerParticipant: null,
  cleanUpDaily: false,
};

/** Some of the settings; what is not named stays as it is. */
export const settingsChange = shape.partial();

/** All settings: what is stored, and the defaults for the rest. */
export const settings = z
  .record(z.string(), z.unknown())
  .transform((stored) => ({ ...DEFAULTS, ...stored }))
  .pipe(shape);
