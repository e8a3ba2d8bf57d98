const minutes = (value: number): number => value * 60_000;
const GB = 1000 ** 3;

/** What amounts among the settings may be set to: for the schema, and for forms, which load no zod. */
export const BOUNDS = {
  inFlightCap: { min: 1, max: 100 },
  waitingCap: { min: 1, max: 10_000 },
  jobsPerMinute: { min: 1, max: 100_000 },
  databaseBytesPerParticipant: { min: GB / 1000, max: 1000 * GB },
  inputLimitBytes: { min: GB / 1000, max: 64 * GB },
  inputBytesPerParticipant: { min: GB / 1000, max: 10_000 * GB },
  maxAttempts: { min: 1, max: 10 },
  startBudgetFloorMs: { min: 1000, max: minutes(240) },
  startBudgetMs: { min: 1000, max: minutes(240) },
  jobTimeoutMs: { min: 1000, max: minutes(1440) },
  staysWarmMs: { min: 30_000, max: minutes(1440) },
  keepDays: { min: 1, max: 3650 },
  keepBytesPerParticipant: { min: GB / 1000, max: 9_000_000 * GB },
  keepPreviewsHours: { min: 1, max: 720 },
  keepActsDays: { min: 7, max: 3650 },
  keepLogsDays: { min: 1, max: 365 },
} as const;
