import type { NodeErrors } from '../errors.ts';
import type { FileFacts } from '../file-facts.ts';
import { writtenHash } from '../files/content-hash.ts';
import { isText } from '../files/text-files.ts';
import type { JobStatus, Reason } from '../jobs/job.ts';
import { type LiveRun, liveWords } from '../jobs/live-run.ts';
import type { ApiJob, ApiJobError, ApiJobStatus, ApiOutput, ApiOutputType, ApiProgress } from './schemas.ts';

/** Times are epoch milliseconds. */
type JobFacts = {
  readonly id: string;
  readonly status: JobStatus;
  readonly reason: Reason | null;
  readonly message: string | null;
  readonly nodeErrors: NodeErrors | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
};

const STATUSES: Readonly<Record<JobStatus, ApiJobStatus>> = {
  queued: 'queued',
  dispatched: 'queued',
  running: 'running',
  delivering: 'running',
  completed: 'succeeded',
  failed: 'failed',
  cancelled: 'canceled',
};
export const apiStatusOf = (status: JobStatus): ApiJobStatus => STATUSES[status];

const iso = (ms: number): string => new Date(ms).toISOString();
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

const DAY_MS = 86_400_000;
/** Where results are never cleaned up: the contract knows no time without an end. */
const FOREVER_DAYS = 3650;
export const expiryOf = (createdAt: number, keepDays: number | null): number =>
  createdAt + (keepDays ?? FOREVER_DAYS) * DAY_MS;

/** The fraction counts nodes, and steps of the one that runs. */
export function progressOf(run: LiveRun | null, now: number): ApiProgress | null {
  if (!run) return null;
  const { node, step, done, nodes } = run;
  const inNode = step ? step.value / step.max : 0;
  return {
    value: nodes === 0 ? 0 : Math.min(1, (done + inNode) / nodes),
    nodes_done: done,
    nodes_total: nodes,
    current_node: node?.id ?? null,
    current_node_class: node?.classType ?? null,
    step: step?.value ?? null,
    steps: step?.max ?? null,
    message: liveWords(run, now),
  };
}

function errorOf({ status, reason, message, nodeErrors }: JobFacts): ApiJobError | null {
  if (status !== 'failed') return null;
  const [nodeId, node] = Object.entries(nodeErrors ?? {})[0] ?? [null, undefined];
  return {
    code: reason === 'execution_error' ? 'node_execution_error' : (reason ?? 'failed'),
    message: message ?? 'The job failed.',
    node_id: nodeId,
    class_type: node?.class_type || null,
    traceback: null,
  };
}

type ResultFacts = Pick<FileFacts, 'kind' | 'mime'> & {
  readonly id: string;
  readonly jobId: string;
  readonly nodeId: string;
  readonly path: string;
  readonly bytes: number;
  readonly blake3: string | null;
};

function outputTypeOf({ kind, mime, path }: ResultFacts): ApiOutputType {
  switch (kind) {
    case 'image':
    case 'video':
    case 'audio':
      return kind;
    case 'model':
      return 'file';
    case 'other':
      if (path.endsWith('.latent')) return 'latent';
      return isText(mime) ? 'text' : 'file';
  }
}

/** `origin`: where the client reached us. */
export const contentUrl = (origin: string, id: string): string =>
  `${origin}/api/v2/assets/${encodeURIComponent(id)}/content`;

/** An address works as long as its file is there, for its owner; programs that go by the end ask for it again. */
export const urlExpiryOf = (now: number): string => iso(now + DAY_MS);

/** A result is an asset of the same id. */
export function outputOf(result: ResultFacts, origin: string, now: number): ApiOutput {
  return {
    node_id: result.nodeId,
    name: result.path.slice(result.path.lastIndexOf('/') + 1),
    type: outputTypeOf(result),
    content_type: result.mime,
    size_bytes: result.bytes,
    id: result.id,
    hash: result.blake3 && writtenHash(result.blake3),
    url: contentUrl(origin, result.id),
    url_expires_at: urlExpiryOf(now),
    job_id: result.jobId,
  };
}

export function jobView(
  job: JobFacts,
  more: Pick<ApiJob, 'queue_position' | 'progress' | 'metadata'> & { readonly outputs: readonly ApiOutput[] },
  keepDays: number | null,
): ApiJob {
  const { id, createdAt, startedAt, endedAt } = job;
  const self = `/api/v2/jobs/${encodeURIComponent(id)}`;
  const status = apiStatusOf(job.status);
  return {
    id,
    status,
    created_at: iso(createdAt),
    started_at: isoOrNull(startedAt),
    completed_at: isoOrNull(endedAt),
    expires_at: iso(expiryOf(createdAt, keepDays)),
    queue_position: status === 'queued' ? more.queue_position : null,
    progress: more.progress,
    outputs: [...more.outputs],
    error: errorOf(job),
    metrics: {
      queue_ms: startedAt === null ? null : startedAt - createdAt,
      execution_ms: startedAt === null || endedAt === null ? null : endedAt - startedAt,
    },
    metadata: more.metadata,
    urls: { self, events: `${self}/events`, cancel: `${self}/cancel`, workflow: `${self}/workflow` },
  };
}
