import { z } from 'zod';
import { apiJob, apiJobPage, apiJobStatus, apiWorkflow } from '#src/domain/api-v2/schemas.ts';
import { apiSubmission } from '#src/domain/api-v2/submission.ts';
import type { ApiOperations } from './operations.ts';

const MAX_PAGE = 100;
export const apiJobQuery = z.object({
  status: apiJobStatus.optional().meta({ description: 'Only jobs of this status.' }),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(20),
  cursor: z.string().max(200).optional().meta({ description: 'The `next_cursor` of the page before.' }),
});

export const jobOperations = {
  'POST /api/v2/jobs': {
    id: 'postJobs',
    summary:
      'Runs a workflow. A request with the same Idempotency-Key and the same content within 24 hours is answered with the same job, and “Idempotency-Replayed: true”.',
    body: apiSubmission,
    takesIdempotencyKey: true,
    answers: { 201: { description: 'The job, safely stored.', content: apiJob } },
    errors: [
      'invalid_workflow',
      'workflow_format_ui',
      'missing_asset',
      'idempotency_key_reuse',
      'idempotency_conflict',
      'queue_full',
      'unavailable',
    ],
  },
  'GET /api/v2/jobs': {
    id: 'listJobs',
    summary: 'Your jobs, newest first.',
    query: apiJobQuery,
    answers: { 200: { description: 'One page of them.', content: apiJobPage } },
  },
  'GET /api/v2/jobs/:id': {
    id: 'getJob',
    summary:
      'A job: its state, its progress, and the outputs that are here. All that the event stream tells is here too.',
    answers: { 200: { description: 'The job.', content: apiJob } },
    errors: ['not_found'],
  },
  'GET /api/v2/jobs/:id/workflow': {
    id: 'getJobWorkflow',
    summary: 'The workflow of a job, in API format.',
    answers: { 200: { description: 'The workflow.', content: apiWorkflow } },
    errors: ['not_found'],
  },
  'GET /api/v2/jobs/:id/events': {
    id: 'getJobEvents',
    summary:
      'Server-sent events of a job: `status`, `progress`, `preview`, `output` and `log`, whose data are StatusEvent, Progress, PreviewEvent, Output and LogEvent. Each connection begins with the present state and the outputs that are here; it ends after the last `status`.',
    answers: { 200: { description: 'The stream.', content: 'text/event-stream' } },
    errors: ['not_found'],
  },
  'POST /api/v2/jobs/:id/cancel': {
    id: 'cancelJob',
    summary: 'Cancels a job. One that has ended stays as it is.',
    answers: { 200: { description: 'The job.', content: apiJob } },
    errors: ['not_found'],
  },
} as const satisfies ApiOperations;
