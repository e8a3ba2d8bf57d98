import { z } from 'zod';
import type { NodeText, RunEnd, RunReport } from '#src/domain/jobs/run-report.ts';

const TRACEBACK_LINES = 12;
const MAX_MESSAGE = 8000;
const MAX_TEXT = 64 * 1024;
const MAX_TEXTS = 50;

const clipped = (length: number) => z.string().transform((text) => text.slice(0, length));
const message = z.tuple([z.string(), z.unknown()]).rest(z.unknown());
const entry = z.object({
  outputs: z.record(z.string(), z.unknown()).catch({}),
  status: z.object({ status_str: z.string(), messages: z.array(message).default([]) }).nullish(),
});
const failure = z.object({
  node_id: z.coerce.string().default('').pipe(clipped(200)),
  node_type: clipped(200).default(''),
  exception_message: clipped(MAX_MESSAGE).default(''),
  exception_type: clipped(200).default(''),
  traceback: z.array(clipped(MAX_MESSAGE)).catch([]),
});
const queue = z.object({ queue_running: z.array(z.unknown()), queue_pending: z.array(z.unknown()) });
const queueItem = z.tuple([z.unknown(), z.string()]).rest(z.unknown());
const jobs = z.object({ jobs: z.array(z.unknown()) });
const job = z.object({ id: z.string(), status: z.string(), execution_error: z.unknown().optional() });
const textOutput = z.object({ text: z.array(z.unknown()) });

type Reports = ReadonlyMap<string, RunReport>;

/** `null`: the data are none that ComfyUI gives. */
export function failed(data: unknown): RunEnd | null {
  const said = failure.safeParse(data).data;
  if (!said) return null;
  return {
    type: 'failed',
    failure: {
      nodeId: said.node_id,
      nodeType: said.node_type,
      message: said.exception_message.trim(),
      exceptionType: said.exception_type,
      traceback: said.traceback.slice(-TRACEBACK_LINES),
    },
  };
}

const textsOf = (outputs: Readonly<Record<string, unknown>>): NodeText[] =>
  Object.entries(outputs)
    .flatMap(([nodeId, output]) => {
      const parts = textOutput.safeParse(output).data?.text.filter((part) => typeof part === 'string') ?? [];
      return parts.length === 0 ? [] : [{ nodeId, text: parts.join('\n').slice(0, MAX_TEXT) }];
    })
    .slice(0, MAX_TEXTS);

function endOf(value: unknown): RunEnd | null {
  const known = entry.safeParse(value).data;
  if (!known) return null;
  const { outputs, status } = known;
  if (status?.status_str !== 'error') return { type: 'success', texts: textsOf(outputs) };
  for (const [type, data] of status.messages) {
    if (type === 'execution_interrupted') return { type: 'interrupted' };
    if (type === 'execution_error') return failed(data);
  }
  return { type: 'interrupted' };
}

/** `GET /history?max_items=`: the runs that have ended on this replica; null when it is none of ComfyUI's answers. */
export function readHistory(json: unknown): Reports | null {
  const all = z.record(z.string(), z.unknown()).safeParse(json).data;
  if (!all) return null;
  const reports = new Map<string, RunReport>();
  for (const [promptId, value] of Object.entries(all)) {
    const end = endOf(value);
    if (end) reports.set(promptId, end);
  }
  return reports.size === 0 && Object.keys(all).length > 0 ? null : reports;
}

/** `GET /queue`: what waits and runs on this replica. */
export function readQueue(json: unknown): Reports | null {
  const known = queue.safeParse(json).data;
  if (!known) return null;
  const reports = new Map<string, RunReport>();
  for (const [items, type] of [
    [known.queue_pending, 'pending'],
    [known.queue_running, 'running'],
  ] as const)
    for (const item of items) {
      const parsed = queueItem.safeParse(item).data;
      if (parsed) reports.set(parsed[1], { type });
    }
  return reports;
}

function reportOf({ status, execution_error }: z.infer<typeof job>): RunReport | null {
  switch (status) {
    case 'pending':
      return { type: 'pending' };
    case 'in_progress':
      return { type: 'running' };
    case 'completed':
      return { type: 'success', texts: [] };
    case 'cancelled':
      return { type: 'interrupted' };
    case 'failed':
    case 'error':
      return failed(execution_error ?? {});
    default:
      return null;
  }
}

/** `GET /api/jobs?limit=`: all of these in one, without the graphs. */
export function readJobs(json: unknown): Reports | null {
  const list = jobs.safeParse(json).data;
  if (!list) return null;
  const reports = new Map<string, RunReport>();
  for (const item of list.jobs) {
    const parsed = job.safeParse(item).data;
    const report = parsed && reportOf(parsed);
    if (parsed && report) reports.set(parsed.id, report);
  }
  return reports;
}
