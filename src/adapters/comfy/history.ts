import { z } from 'zod';
import type { Probe } from '#src/domain/probe.ts';

const TRACEBACK_LINES = 12;

const message = z.tuple([z.string(), z.unknown()]).rest(z.unknown());
const entry = z.object({ status: z.object({ status_str: z.string(), messages: z.array(message).default([]) }) });
const failure = z.object({
  node_id: z.coerce.string().default(''),
  node_type: z.string().default(''),
  exception_message: z.string().default(''),
  exception_type: z.string().default(''),
  traceback: z.array(z.string()).default([]),
});
const queue = z.object({ queue_running: z.array(z.unknown()), queue_pending: z.array(z.unknown()) });
const queueItem = z.tuple([z.unknown(), z.string()]).rest(z.unknown());

/** What `GET /history/{id}` says of the prompt; null when the answer is none that ComfyUI gives. */
export function readHistory(json: unknown, promptId: string): Probe | null {
  const all = z.record(z.string(), z.unknown()).safeParse(json);
  if (!all.success) return null;
  const found = all.data[promptId];
  if (found === undefined) return { type: 'nothing' };
  const parsed = entry.safeParse(found);
  if (!parsed.success) return null;
  const { status_str, messages } = parsed.data.status;
  if (status_str !== 'error') return { type: 'ended' };
  for (const [type, data] of messages) {
    if (type === 'execution_interrupted') return { type: 'interrupted' };
    if (type !== 'execution_error') continue;
    const parsedFailure = failure.safeParse(data);
    if (!parsedFailure.success) return null;
    const said = parsedFailure.data;
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
  return { type: 'interrupted' };
}

/** Whether the prompt is in this replica's queue, waiting or running; null when the answer is none that ComfyUI gives. */
export function readQueue(json: unknown, promptId: string): boolean | null {
  const parsed = queue.safeParse(json);
  if (!parsed.success) return null;
  return [...parsed.data.queue_running, ...parsed.data.queue_pending].some((item) => {
    const known = queueItem.safeParse(item);
    return known.success && known.data[1] === promptId;
  });
}
