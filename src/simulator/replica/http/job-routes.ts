import type { Worker } from '../execution/worker.ts';
import { type JobStatus, jobStatuses, pastJob, queuedJob } from '../jobs.ts';
import type { PromptQueue } from '../prompt-queue.ts';
import { isObject, type Json, type JsonObject, repr } from '../python.ts';
import { atLeast, since } from '../version.ts';
import { type Answer, json } from './http.ts';
import { type Route, route } from './routes.ts';

const refuse = (error: string): Answer => json({ error }, 400);
const isStatus = (text: string): text is JobStatus => jobStatuses.some((status) => status === text);

const canonical = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
export const isCanonicalId = (id: Json): id is string => typeof id === 'string' && canonical.test(id);

const time = (job: JsonObject, name: string): number => {
  const value = job[name];
  return typeof value === 'number' ? value : 0;
};

/** The list of jobs of newer servers: smaller than the history, and it can be filtered by status. */
export function jobRoutes(worker: Worker, queue: PromptQueue): Route[] {
  function all(statuses: ReadonlySet<JobStatus>): JsonObject[] {
    const { queue_running, queue_pending } = queue.rows();
    return [
      ...queue_running.map((row) => queuedJob(row, 'in_progress', false)),
      ...queue_pending.map((row) => queuedJob(row, 'pending', false)),
      ...Object.values(queue.history(null, -1)).flatMap((entry) => (isObject(entry) ? [pastJob(entry, false)] : [])),
    ].filter(({ status }) => typeof status === 'string' && isStatus(status) && statuses.has(status));
  }

  function list(query: URLSearchParams): Answer {
    const wanted = (query.get('status') ?? jobStatuses.join())
      .split(',')
      .map((part) => part.trim().toLowerCase())
      .filter((part) => part !== '');
    const wrong = wanted.filter((part) => !isStatus(part));
    if (wrong.length > 0)
      return refuse(`Invalid status value(s): ${wrong.join(', ')}. Valid values: ${jobStatuses.join(', ')}`);
    const sortBy = (query.get('sort_by') ?? 'created_at').toLowerCase();
    if (sortBy !== 'created_at' && sortBy !== 'execution_duration')
      return refuse("sort_by must be 'created_at' or 'execution_duration'");
    const order = (query.get('sort_order') ?? 'desc').toLowerCase();
    if (order !== 'asc' && order !== 'desc') return refuse("sort_order must be 'asc' or 'desc'");
    const limit = query.has('limit') ? Number(query.get('limit') || 'none') : null;
    if (limit !== null && !Number.isInteger(limit)) return refuse('limit must be an integer');
    if (limit !== null && limit <= 0) return refuse('limit must be a positive integer');
    const given = query.has('offset') ? Number(query.get('offset') || 'none') : 0;
    if (!Number.isInteger(given)) return refuse('offset must be an integer');
    const offset = Math.max(0, given);
    const key = (job: JsonObject): number => {
      if (sortBy === 'created_at') return time(job, 'create_time');
      const [start, end] = [time(job, 'execution_start_time'), time(job, 'execution_end_time')];
      return start > 0 && end > 0 ? end - start : 0;
    };
    const sign = order === 'desc' ? -1 : 1;
    const workflow = query.get('workflow_id');
    const found = all(new Set(wanted.filter(isStatus)))
      .filter((job) => !workflow || job.workflow_id === workflow)
      .sort((a, b) => sign * (key(a) - key(b)));
    const jobs = found.slice(offset, limit === null ? undefined : offset + limit);
    const pagination = { offset, limit, total: found.length, has_more: offset + jobs.length < found.length };
    return json({ jobs, pagination });
  }

  function one(id: string): Answer {
    const past = queue.historyOf(id)[id];
    if (isObject(past)) return json(pastJob(past, true));
    const { queue_running, queue_pending } = queue.rows();
    const isIt = (row: Json): boolean => Array.isArray(row) && row[1] === id;
    const running = queue_running.find(isIt);
    if (running) return json(queuedJob(running, 'in_progress', true));
    const pending = queue_pending.find(isIt);
    return pending ? json(queuedJob(pending, 'pending', true)) : json({ error: 'Job not found' }, 404);
  }

  function cancel(id: string): boolean {
    if (queue.running() === id) {
      worker.interrupt.wanted = true;
      return true;
    }
    const waits = queue.pending().includes(id);
    if (waits) queue.remove(id);
    return waits;
  }

  function cancelAll(body: Buffer): Answer {
    let data: unknown;
    try {
      data = JSON.parse(body.toString('utf8'));
    } catch {
      return refuse('Request body must be valid JSON');
    }
    const ids: unknown = typeof data === 'object' && data !== null && 'job_ids' in data ? data.job_ids : null;
    if (!Array.isArray(ids)) return refuse('job_ids must be a list');
    const wrong = ids.filter((id) => !isCanonicalId(id));
    if (wrong.length > 0) {
      const invalid_ids = wrong.map((id) => (typeof id === 'string' ? id : repr(id)));
      return json({ error: 'job_ids contains invalid id(s)', invalid_ids }, 400);
    }
    return json({ cancelled: ids.filter((id) => cancel(id)).length > 0 });
  }

  const routes: Route[] = [];
  if (atLeast(worker.version, since.jobs)) {
    routes.push(
      route('GET', '/api/jobs', ({ url }) => list(url.searchParams), { bare: true }),
      route('GET', '/api/jobs/{}', ({ params }) => one(params[0] ?? ''), { bare: true }),
    );
  }
  if (atLeast(worker.version, since.cancel)) {
    routes.push(
      route('POST', '/api/jobs/cancel', async (_request, body) => cancelAll(await body()), { bare: true }),
      route('POST', '/api/jobs/{}/cancel', ({ params }) => json({ cancelled: cancel(params[0] ?? '') }), {
        bare: true,
      }),
    );
  }
  return routes;
}
