import { z } from 'zod';
import type { Job } from '#src/ports/jobs.ts';
import type { Positions } from '#src/ports/queue.ts';
import { inputOf } from './present.ts';
import type { JobView } from './views.ts';

export const requestId = z
  .string()
  .regex(/^\P{Cc}{1,100}$/u, 'should have 1 to 100 characters, and no control characters');

/** What every submission may say, whatever the graph comes from. */
export const submitted = {
  title: z.string().max(200).optional(),
  clientRequestId: requestId.optional(),
};

export const receiptOf = (
  deps: { positions: Positions },
  job: Job,
): Pick<JobView, 'id' | 'status' | 'position' | 'warnings' | 'promptSnippet' | 'input'> => ({
  id: job.id,
  status: job.status,
  position: job.status === 'queued' ? (deps.positions.of(job.id) ?? deps.positions.ofNew(job.userId)) : null,
  warnings: job.warnings,
  promptSnippet: job.promptSnippet,
  input: inputOf(job),
});
