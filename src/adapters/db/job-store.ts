import type { Bus } from '#src/ports/events.ts';
import type { JobStore } from '#src/ports/jobs.ts';
import type { Database } from './connection.ts';
import { jobIntake } from './job-intake.ts';
import { jobMoves } from './job-moves.ts';
import { jobReads } from './job-reads.ts';
import { storedTogether } from './stored-together.ts';

export const createJobStore = (db: Database, bus: Bus): JobStore => ({
  ...jobIntake(db, bus),
  ...jobReads(db),
  ...jobMoves(db, storedTogether(db, bus)),
});
