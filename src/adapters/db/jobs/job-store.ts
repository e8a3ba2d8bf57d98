import type { Bus } from '#src/ports/events.ts';
import type { JobStore } from '#src/ports/jobs.ts';
import { storedTogether } from '../batched-transaction.ts';
import type { Database } from '../connection.ts';
import { jobIntake } from './job-intake.ts';
import { jobMoves } from './job-moves.ts';
import { jobReads } from './job-reads.ts';

export const createJobStore = (db: Database, bus: Bus): JobStore => ({
  ...jobIntake(db, bus),
  ...jobReads(db),
  ...jobMoves(db, storedTogether(db, bus)),
});
