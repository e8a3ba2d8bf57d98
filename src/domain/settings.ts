import { z } from 'zod';

const minutes = (value: number): number => value * 60_000;

/** What operators can set while the class runs. */
export const settings = z.object({
  intakePaused: z.boolean().default(false),
  dispatchPaused: z.boolean().default(false),
  /** Jobs of one participant that may be on GPUs at the same time. */
  inFlightCap: z.number().int().min(1).max(100).default(2),
  /** Jobs of one participant that may wait in line. */
  waitingCap: z.number().int().min(1).max(10_000).default(500),
  /** The largest file that may be uploaded as an input. */
  inputLimitBytes: z
    .number()
    .int()
    .min(1)
    .default(2 * 1024 ** 3),
  spotFirst: z.boolean().default(true),
  /** How often a job is sent before it is given up. */
  maxAttempts: z.number().int().min(1).max(10).default(3),
  /** Ask workers what became of attempts that show no sign of life. */
  probe: z.boolean().default(true),
  startBudgetMs: z.number().int().min(1000).default(minutes(10)),
  jobTimeoutMs: z.number().int().min(1000).default(minutes(30)),
});
export type Settings = z.infer<typeof settings>;
