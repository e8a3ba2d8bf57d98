import { z } from 'zod';
import { FAIRNESS } from '../jobs/fairness.ts';
import { extraDataKey } from '../workflow/extra-data.ts';
import { BOUNDS } from './bounds.ts';

const minutes = (value: number): number => value * 60_000;
const GB = 1000 ** 3;

const amount = (name: keyof typeof BOUNDS) => z.number().int().min(BOUNDS[name].min).max(BOUNDS[name].max);

const shape = z.object({
  /** What the class is called; empty = it has no name. */
  classTitle: z.string().trim().max(60),
  intakePaused: z.boolean(),
  dispatchPaused: z.boolean(),
  /** It was "please look up" that paused sending, and whoever ends that lets it go on. */
  pausedForEyes: z.boolean(),
  /** In which order waiting jobs get their turn. */
  fairness: z.enum(FAIRNESS),
  /** Jobs of one participant that may be on GPUs at the same time. */
  inFlightCap: amount('inFlightCap'),
  /** Jobs of one participant that may wait in the queue. */
  waitingCap: amount('waitingCap'),
  /** Jobs that one participant may hand in within a minute. */
  jobsPerMinute: amount('jobsPerMinute'),
  /** How much of the database one participant's workflows may take. */
  databaseBytesPerParticipant: amount('databaseBytesPerParticipant'),
  /** The largest file that may be uploaded as an input. */
  inputLimitBytes: amount('inputLimitBytes'),
  /** How much all uploads of one participant may take. */
  inputBytesPerParticipant: amount('inputBytesPerParticipant'),
  spotFirst: z.boolean(),
  /** Jobs that wait behind others while a GPU may be idle are sent again. */
  balancing: z.boolean(),
  /** What participants may tell workers beside a graph, such as their key for the nodes of paid services. */
  allowedExtraData: z.array(extraDataKey).max(20),
  /** How often a job is sent before it is given up. */
  maxAttempts: amount('maxAttempts'),
  /** Ask workers what became of attempts that show no activity. */
  probe: z.boolean(),
  /** An attempt may show no activity for four times what is usual, but at least the one and at most the other, which goes first. */
  startBudgetFloorMs: amount('startBudgetFloorMs'),
  startBudgetMs: amount('startBudgetMs'),
  jobTimeoutMs: amount('jobTimeoutMs'),
  /** Names of their makers under what hangs on the class wall. */
  wallNames: z.boolean(),
  /** In which prices of endpoints are told. */
  currency: z.string().regex(/^[A-Z]{3}$/, 'should be three letters, such as EUR'),
  /** How long the platform leaves a GPU up that has nothing to do: its scale-down delay. */
  staysWarmMs: amount('staysWarmMs'),
  /** Results older than this may be cleaned up; null = never for their age. */
  keepDays: amount('keepDays').nullable(),
  /** Of what one participant has beyond this, the oldest may be cleaned up; null = never for its size. */
  keepBytesPerParticipant: amount('keepBytesPerParticipant').nullable(),
  /** Clean up once a day, without being asked. */
  cleanUpDaily: z.boolean(),
  /** Previews that nobody has kept are deleted after so long. */
  keepPreviewsHours: amount('keepPreviewsHours'),
  /** For whom the line in ComfyUI tabs speaks: the operator's one tells of attempts and endpoints too. */
  bannerDetail: z.enum(['participant', 'operator']),
  keepActsDays: amount('keepActsDays'),
  keepLogsDays: amount('keepLogsDays'),
});
/** What operators can set while the class runs. */
export type Settings = z.infer<typeof shape>;

const DEFAULTS: Settings = {
  classTitle: '',
  intakePaused: false,
  dispatchPaused: false,
  pausedForEyes: false,
  fairness: 'fair',
  inFlightCap: 2,
  waitingCap: 500,
  jobsPerMinute: 600,
  databaseBytesPerParticipant: 2 * GB,
  inputLimitBytes: 2 * GB,
  inputBytesPerParticipant: 50 * GB,
  spotFirst: true,
  balancing: true,
  allowedExtraData: [],
  maxAttempts: 3,
  probe: true,
  startBudgetFloorMs: minutes(2),
  startBudgetMs: minutes(10),
  jobTimeoutMs: minutes(30),
  wallNames: true,
  currency: 'EUR',
  staysWarmMs: minutes(5),
  keepDays: null,
  keepBytesPerParticipant: null,
  cleanUpDaily: false,
  keepPreviewsHours: 24,
  bannerDetail: 'participant',
  keepActsDays: 365,
  keepLogsDays: 14,
};

/** Some of the settings; what is not named stays as it is. */
export const settingsChange = shape.omit({ pausedForEyes: true }).partial();

/** Who pauses or lets go on by hand has taken that out of the hands of "please look up". */
export const completeChange = (part: Partial<Settings>): Partial<Settings> =>
  part.dispatchPaused === undefined ? part : { pausedForEyes: false, ...part };

/** All settings: what is stored, and the defaults for the rest. */
export const settings = z
  .record(z.string(), z.unknown())
  .transform((stored) => ({ ...DEFAULTS, ...stored }))
  .pipe(shape);
