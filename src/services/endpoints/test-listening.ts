import {
  connectionSteps,
  type ListeningReport,
  SLOW_MS,
  type TinyJob,
  waitFor,
} from '#src/domain/endpoints/listening-test.ts';
import { rewriteGraph } from '#src/domain/workflow/rewrite.ts';
import type { Endpoint } from '#src/ports/endpoints.ts';
import type { PlatformBoard } from '#src/ports/platform.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { Share } from '#src/ports/share.ts';
import type { Listen, RunMessage, StopAttempt, Worker } from '#src/ports/worker.ts';

type Deps = {
  worker: Pick<Worker, 'fire'>;
  listen: Listen;
  stopAttempt: StopAttempt;
  share: Pick<Share, 'list'>;
  platformBoard: Pick<PlatformBoard, 'replicas'>;
  settings: { read(): Promise<{ readonly startBudgetMs: number }> };
  clock: Clock;
  random: Pick<Random, 'id'>;
  /** Ends early when it is given up. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
};
/** What was heard of one prompt. */
type Heard = { hasStarted: boolean; failure: string | null };
type Connections = {
  readonly clientId: string;
  readonly heard: Map<string, Heard>;
  readonly open: Set<{ close(): void }>;
  /** The one that is being opened. */
  opening: { close(): void } | null;
  isRefused: boolean;
};

const LOOK_EVERY_MS = 250;
/** A file may be seen a little before the word of it. */
const HEARD_LATE_MS = 1000;
/** The platform is looked at every few seconds. */
const PLATFORM_WAIT_MS = 15_000;

function take({ heard }: Connections, message: RunMessage): void {
  const before = heard.get(message.promptId) ?? { hasStarted: false, failure: null };
  const failure = message.type === 'ended' && message.end.type === 'failed' ? message.end.failure.message : null;
  heard.set(message.promptId, { hasStarted: true, failure: before.failure ?? failure });
}

/** Opens one more connection; one that is refused is the last. */
function connect({ listen }: Deps, endpoint: Endpoint, all: Connections): Promise<void> {
  return new Promise<void>((resolve) => {
    const refuse = (): void => {
      all.isRefused = true;
      resolve();
    };
    try {
      const socket = listen(endpoint, all.clientId, {
        message: (message) => take(all, message),
        open: () => {
          all.open.add(socket);
          resolve();
        },
        close: (wasOpen) => {
          all.open.delete(socket);
          if (!wasOpen) refuse();
        },
      });
      all.opening = socket;
    } catch {
      refuse();
    }
  });
}

/** The start marker alone: one picture of one pixel in a folder of its own, which is no orphaned file. No job, so nothing counts or schedules it. */
async function runTinyJob(
  deps: Deps,
  endpoint: Endpoint,
  connections: Connections | null,
  limitMs: number,
  signal: AbortSignal,
): Promise<TinyJob> {
  const promptId = deps.random.id();
  const sentAt = deps.clock.now();
  const { prompt, plan } = rewriteGraph({}, promptId, { version: null }, sentAt);
  const given = new AbortController();
  const sentAs: Endpoint = {
    ...endpoint,
    // Not its own id: the connections that listen to jobs there must not be replaced.
    ...(connections && { id: connections.clientId }),
    listening: connections ? 'on' : 'off',
  };
  let refusal: string | null = null;
  const sending = deps.worker
    .fire(sentAs, { promptId, prompt, extraPnginfo: {} }, AbortSignal.any([signal, given.signal]))
    .then((answer) => {
      if (answer.type !== 'accepted' && answer.type !== 'unknown') refusal = answer.message;
    });
  let doneMs: number | null = null;
  const look = async (): Promise<TinyJob | null> => {
    if (doneMs === null && (await deps.share.list(plan.folder)).files.length > 0)
      doneMs = Math.max(0, deps.clock.now() - sentAt);
    const heard = connections?.heard.get(promptId);
    const tookMs = Math.max(0, deps.clock.now() - sentAt);
    if (doneMs !== null) {
      const isHeard = heard?.hasStarted ?? false;
      const mayBeHeard = connections !== null && connections.open.size > 0 && tookMs - doneMs < HEARD_LATE_MS;
      return isHeard || !mayBeHeard ? { type: 'done', tookMs: doneMs, isHeard } : null;
    }
    if (refusal !== null) return { type: 'not_taken', message: refusal };
    if (heard?.failure) return { type: 'failed', message: heard.failure };
    if (tookMs < limitMs) return null;
    return { type: heard?.hasStarted ? 'no_file' : 'not_started', afterMs: limitMs };
  };
  try {
    for (;;) {
      const job = await look();
      if (job) return job;
      signal.throwIfAborted();
      await deps.wait(LOOK_EVERY_MS, signal);
    }
  } finally {
    given.abort();
    await sending;
    if (doneMs === null && refusal === null) deps.stopAttempt({ id: promptId, endpointId: endpoint.id });
  }
}

/** How many replicas have come up at the platform since, as soon as it has been looked at again. */
async function newReplicas(
  { platformBoard, clock, wait }: Deps,
  endpoint: Endpoint,
  before: number | null,
  signal: AbortSignal,
): Promise<number | null> {
  const endedAt = clock.now();
  while (before !== null && clock.now() - endedAt < PLATFORM_WAIT_MS) {
    const state = platformBoard.replicas(endpoint.id);
    if (state && state.seenAt > endedAt) return Math.max(0, state.running + state.starting - Math.max(1, before));
    await wait(LOOK_EVERY_MS, signal);
    signal.throwIfAborted();
  }
  return null;
}

async function testWithout(deps: Deps, endpoint: Endpoint, budgetMs: number, signal: AbortSignal) {
  const first = await runTinyJob(deps, endpoint, null, waitFor(budgetMs, null), signal);
  if (first.type !== 'done' || first.tookMs < SLOW_MS) return { startMs: null, job: first };
  const job = await runTinyJob(deps, endpoint, null, waitFor(budgetMs, null), signal);
  return { startMs: first.tookMs, job };
}

async function testWith(deps: Deps, endpoint: Endpoint, limitMs: number, signal: AbortSignal) {
  const state = deps.platformBoard.replicas(endpoint.id);
  const before = state && state.running + state.starting;
  const connections: Connections = {
    clientId: deps.random.id(),
    heard: new Map(),
    open: new Set(),
    opening: null,
    isRefused: false,
  };
  const breakOff = (): void => connections.opening?.close();
  signal.addEventListener('abort', breakOff);
  try {
    let job: TinyJob | null = null;
    // Which replicas they reach is chance: what was not heard is tried again with more.
    for (const count of connectionSteps(endpoint.capacity)) {
      for (let more = count - connections.open.size; more > 0 && !connections.isRefused; more -= 1)
        await connect(deps, endpoint, connections);
      job = await runTinyJob(deps, endpoint, connections, limitMs, signal);
      if (job.type !== 'done' || job.isHeard || connections.isRefused) break;
    }
    const { open, isRefused } = connections;
    const came = await newReplicas(deps, endpoint, before, signal);
    return job && { job, connections: open.size, isRefused, newReplicas: came };
  } finally {
    signal.removeEventListener('abort', breakOff);
    for (const socket of connections.open) socket.close();
  }
}

/** Sends tiny jobs to an endpoint, first without listening and then with it. Bounded in time; the endpoint's setting stays as it is. */
export async function testListening(
  deps: Deps,
  endpoint: Endpoint,
  onListening: () => void,
  signal: AbortSignal,
): Promise<ListeningReport> {
  const { startBudgetMs } = await deps.settings.read();
  const off = await testWithout(deps, endpoint, startBudgetMs, signal);
  if (off.job.type !== 'done') return { off, on: null };
  onListening();
  return { off, on: await testWith(deps, endpoint, waitFor(startBudgetMs, off.job.tookMs), signal) };
}
