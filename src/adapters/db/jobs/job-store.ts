import type { Bus } from '#src/ports/events.ts';
import type { JobStore } from '#src/ports/jobs.ts';
import { storedTogether } from '../batched-transaction.ts';
import type { Database } from '../connection.ts';
import { attemptReads } from './attempt-reads.ts';
import { jobIntake } from './job-intake.ts';
import { jobMoves } from './job-moves.ts';
import { jobReads } from './job-reads.ts';
import { queueReads } from './queue-reads.ts';

export function createJobStore(db: Database, bus: Bus): JobStore {
  const together = storedTogether(db, bus);
  return {
    ...jobIntake(db, together),
    ...jobReads(db),
    ...queueReads(db),
    ...attemptReads(db),
    ...jobMoves(db, together),
  };
}
