import { setTimeout as rest } from 'node:timers/promises';
import { type ApiEvent, frameOf, isOver, NOTHING_TOLD, tell } from '#src/domain/api-v2/tell.ts';
import { isFinal } from '#src/domain/jobs/job.ts';
import { oneAtATime } from '#src/domain/one-at-a-time.ts';
import type { Bus, Signal } from '#src/ports/events.ts';
import type { Job } from '#src/ports/jobs.ts';
import type { LivePreviews } from '#src/ports/live-runs.ts';
import type { Log } from '#src/ports/log.ts';
import type { ApiCall } from './call.ts';
import { ApiError } from './errors.ts';
import { ownApiJob, progressNow, type ReadJobs, shownOf } from './read-jobs.ts';

export type StreamDeps = ReadJobs & {
  bus: Pick<Bus, 'listen'>;
  livePreviews: Pick<LivePreviews, 'watch'>;
  log: Log;
};

const MAX_EACH = 200;
const MAX_ALL = 2000;
const RETRY_SECONDS = 5;
/** At most twice a second, whatever happens. */
const TELL_EVERY_MS = 500;
/** Proxies take a silent connection for a dead one. */
const BEAT_MS = 15_000;
/** Whoever has left so much unread is cut off, and comes back to the present. */
const MAX_UNREAD = 1_000_000;

type Stream = {
  readonly userId: string;
  readonly jobId: string;
  /** `read`: what is stored has changed; `look`: only its place or its progress. */
  wants: 'read' | 'look' | null;
  wake(): void;
  readonly closing: AbortController;
};

/** The jobs that a signal is about, and whether they have to be read again. */
function heardIn(signal: Signal): { readonly jobIds: Iterable<string>; readonly wants: 'read' | 'look' } | null {
  switch (signal.type) {
    case 'stored':
      return { jobIds: [signal.event.jobId], wants: 'read' };
    case 'run.moved':
      return { jobIds: [signal.jobId], wants: 'look' };
    case 'line.moved':
      return { jobIds: [...signal.positions.values()].flatMap((own) => [...own.keys()]), wants: 'look' };
    default:
      return null;
  }
}

const notesOf = ({ status, message, warnings }: Job): string[] => [
  ...warnings.map((warning) => warning.message),
  ...(message === null || isFinal(status) ? [] : [message]),
];

const tooMany = (why: string): ApiError =>
  new ApiError('rate_limited', `${why} Poll this job instead.`, { retryAfterSeconds: RETRY_SECONDS });

/** The open event streams of everybody's jobs. */
export function createStreams(deps: StreamDeps) {
  const byJob = new Map<string, Set<Stream>>();
  const counts = new Map<string, number>();
  /** Of hundreds that want to know at once, one asks the database at a time, so that other requests come in between. */
  const inTurn = oneAtATime();
  let all = 0;

  deps.bus.listen((signal) => {
    if (all === 0) return;
    if (signal.type === 'sessions.ended' && signal.sessionId === null)
      for (const own of byJob.values()) for (const one of own) if (one.userId === signal.userId) one.closing.abort();
    const heard = heardIn(signal);
    for (const jobId of heard?.jobIds ?? [])
      for (const stream of byJob.get(jobId) ?? []) {
        if (stream.wants !== 'read') stream.wants = heard?.wants ?? null;
        stream.wake();
      }
  });

  function enter(userId: string, jobId: string): Stream {
    const own = counts.get(userId) ?? 0;
    if (own >= MAX_EACH) throw tooMany(`You have ${own} event streams open, the limit.`);
    if (all >= MAX_ALL) throw tooMany(`${all} event streams are open here, the limit.`);
    counts.set(userId, own + 1);
    all += 1;
    const stream: Stream = { userId, jobId, wants: null, wake: () => undefined, closing: new AbortController() };
    byJob.set(jobId, (byJob.get(jobId) ?? new Set()).add(stream));
    return stream;
  }

  function leave(stream: Stream): void {
    const { userId, jobId } = stream;
    all -= 1;
    const left = (counts.get(userId) ?? 1) - 1;
    if (left > 0) counts.set(userId, left);
    else counts.delete(userId);
    byJob.get(jobId)?.delete(stream);
    if (byJob.get(jobId)?.size === 0) byJob.delete(jobId);
  }

  const woken = (stream: Stream, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      stream.wake = resolve;
      if (stream.wants !== null || signal.aborted) resolve();
    });

  async function follow(call: ApiCall, stream: Stream, first: Job, send: (event: ApiEvent) => void): Promise<void> {
    const { signal } = stream.closing;
    let told = NOTHING_TOLD;
    let job = first;
    let shown = await inTurn('read', () => shownOf(deps, job, call.origin));
    while (!signal.aborted) {
      const { events, told: next } = tell(shown, notesOf(job), told);
      told = next;
      for (const event of events) send(event);
      if (isOver(shown)) return;
      await rest(TELL_EVERY_MS, undefined, { signal }).catch(() => undefined);
      await woken(stream, signal);
      const wants = stream.wants;
      stream.wants = null;
      if (wants === 'look') shown = { ...shown, ...progressNow(deps, job) };
      else if (!signal.aborted)
        shown = await inTurn('read', async () => {
          job = await ownApiJob(deps.jobs, call.actor, stream.jobId);
          return shownOf(deps, job, call.origin);
        });
    }
  }

  async function showPreviews({ actor, response }: ApiCall, stream: Stream, send: (event: ApiEvent) => void) {
    const viewer = { userId: actor.userId, unreadBytes: () => response.writableLength };
    for await (const { nodeId, mime, bytes } of deps.livePreviews.watch(viewer, stream.jobId, stream.closing.signal))
      send({
        event: 'preview',
        data: { node_id: nodeId, content_type: mime, data_base64: Buffer.from(bytes).toString('base64') },
      });
  }

  async function open(call: ApiCall, stream: Stream, job: Job): Promise<void> {
    const { request, response } = call;
    const { closing } = stream;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    if (request.method === 'HEAD') return;
    response.flushHeaders();
    const write = (text: string): void => {
      if (response.writableLength > MAX_UNREAD) response.destroy();
      else response.write(text);
    };
    const send = (event: ApiEvent): void => write(frameOf(event));
    const beating = setInterval(() => write(':\n\n'), BEAT_MS);
    beating.unref();
    try {
      showPreviews(call, stream, send).catch((err: unknown) => deps.log.error({ err }, 'could not show previews'));
      await follow(call, stream, job, send);
    } catch (error) {
      // Nobody waits for the rest any more.
      if (!closing.signal.aborted) throw error;
    } finally {
      clearInterval(beating);
      closing.abort();
    }
  }

  return async (call: ApiCall, jobId: string): Promise<void> => {
    const { response, actor } = call;
    // Before the job is read, so that no change of it is missed.
    const stream = enter(actor.userId, jobId);
    const { closing } = stream;
    const onClose = (): void => closing.abort();
    closing.signal.addEventListener('abort', () => stream.wake());
    response.once('close', onClose);
    try {
      const job = await ownApiJob(deps.jobs, actor, jobId);
      // They may have hung up before anybody listened.
      if (response.closed) return;
      await open(call, stream, job);
      if (!response.destroyed) response.end();
    } finally {
      response.off('close', onClose);
      leave(stream);
    }
  };
}
