import { z } from 'zod';
import { JOB_STATUSES } from '#src/domain/jobs/job.ts';
import type { Signal } from '#src/ports/events.ts';

/** PostgreSQL takes notifications of fewer than 8,000 bytes. */
const MAX_BYTES = 7900;
const IDS_AT_A_TIME = 150;

const id = z.string();
const run = z.object({
  node: z.object({ id, label: z.string(), classType: z.string(), isLoader: z.boolean() }).nullable(),
  step: z.object({ value: z.number(), max: z.number(), endsAt: z.string().nullable() }).nullable(),
  done: z.number(),
  nodes: z.number(),
});

/** What is told to other processes. Stored events they read, places in the line they work out, and files are counted by who delivers them. */
const shared = z.discriminatedUnion('type', [
  z.object({ type: z.literal('phase.moved'), userId: id, jobId: id }),
  z.object({ type: z.literal('duplicate.sent'), jobId: id }),
  z.object({ type: z.literal('duplicates.withdrawn'), jobId: id }),
  z.object({ type: z.literal('run.moved'), userId: id, jobId: id, run }),
  z.object({ type: z.literal('results.changed'), userId: id, ids: z.array(id), wall: z.boolean() }),
  z.object({
    type: z.literal('job.moved'),
    jobId: id,
    userId: id,
    to: z.enum(JOB_STATUSES),
    isNew: z.boolean(),
    now: z.number(),
    createdAt: z.number(),
    startedAt: z.number().nullable(),
    attemptCount: z.number(),
  }),
  z.object({ type: z.literal('settings.changed') }),
  z.object({ type: z.literal('announcement.changed') }),
  z.object({ type: z.literal('workflows.changed') }),
  z.object({ type: z.literal('act.written') }),
  z.object({ type: z.literal('logs.written') }),
  z.object({ type: z.literal('presence.changed') }),
  z.object({ type: z.literal('platform.changed') }),
  z.object({ type: z.literal('session.turned'), sessionId: id }),
  z.object({ type: z.literal('comfyui.off'), userId: id }),
  z.object({
    type: z.literal('sessions.ended'),
    userId: id,
    sessionId: id.nullable(),
    keepSessionId: id.nullable(),
  }),
  z.object({ type: z.literal('request.unwanted'), attemptId: id }),
  z.object({ type: z.literal('circuits.changed') }),
  z.object({ type: z.literal('resync') }),
]);
const SHARED: ReadonlySet<string> = new Set(shared.options.map(({ shape }) => shape.type.value));

/** In pieces that a notification takes. */
function piecesOf(signal: Signal): Signal[] {
  if (signal.type !== 'results.changed' || signal.ids.length <= IDS_AT_A_TIME) return [signal];
  const pieces: Signal[] = [];
  for (let from = 0; from < signal.ids.length; from += IDS_AT_A_TIME)
    pieces.push({ ...signal, ids: signal.ids.slice(from, from + IDS_AT_A_TIME) });
  return pieces;
}

/** As other processes are sent it; nothing where it is for this one alone. What is too long even so is left out: the next of its kind follows. */
export const toWire = (signal: Signal): string[] =>
  SHARED.has(signal.type)
    ? piecesOf(signal)
        .map((piece) => JSON.stringify(piece))
        .filter((text) => Buffer.byteLength(text) <= MAX_BYTES)
    : [];

/** Null = of another version, which says what this one does not know. */
export function fromWire(text: string): Signal | null {
  try {
    return shared.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
