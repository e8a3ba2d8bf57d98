import { z } from 'zod';
import { MAX_FIELDS } from '#src/domain/fields/fields-of.ts';
import type { Job } from '#src/ports/jobs.ts';
import type { Positions } from '#src/ports/queue.ts';
import { inputOf } from './present.ts';
import type { JobView } from './views.ts';

export const requestId = z
  .string()
  .regex(/^\P{Cc}{1,100}$/u, 'should have 1 to 100 characters, and no control characters');

const change = z.object({
  nodeId: z.string().min(1).max(1000),
  input: z.string().min(1).max(1000),
  /** A whole number may be text, which keeps every digit. */
  value: z.union([z.string(), z.number(), z.boolean()]),
});
/** New values for a stored graph. */
export const changes = z.array(change).max(MAX_FIELDS).default([]);

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
