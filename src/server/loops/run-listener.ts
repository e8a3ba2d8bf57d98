import { listens, nextStep } from '#src/domain/endpoints/listening.ts';
import type { RunReport } from '#src/domain/jobs/run-report.ts';
import type { Endpoint, EndpointStore } from '#src/ports/endpoints.ts';
import type { JobMoves, Watched } from '#src/ports/jobs.ts';
import type { HeardReplicas } from '#src/ports/listening.ts';
import type { LiveRuns } from '#src/ports/live-runs.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';
import type { Listen, RunMessage } from '#src/ports/worker.ts';
import { createLoop } from './loop.ts';

type Deps = {
  endpoints: Pick<EndpointStore, 'find'>;
  listen: Listen;
  liveRuns: LiveRuns;
  heardReplicas: HeardReplicas;
  jobs: Pick<JobMoves, 'heard'>;
  clock: Clock;
  log: Log;
};

type Followed = {
  readonly attempt: Pick<Watched['attempt'], 'id' | 'endpointId' | 'startedAt'>;
  readonly job: Pick<Watched['job'], 'id' | 'userId'>;
  readonly role: Watched['role'];
};

type Connection = { close(): void };
type Run = {
  readonly job: Followed['job'];
  startedAt: number | null;
  /** A socket was closed since it was heard: it may have been the one. */
  isCut: boolean;
  /** Of a duplicate nothing is shown. */
  isShown: boolean;
  /** Over which connection it was heard last. */
  heardOver: Connection | null;
  /** That it was heard. */
  isStored: boolean;
  onReport(report: RunReport): void;
};
type Early = { readonly message: RunMessage; readonly over: Connection };
type Pool = {
  readonly runs: Map<string, Run>;
  readonly sockets: Set<Connection>;
  /** By prompt: a warm replica speaks before its answer to POST /prompt is known here. */
  readonly early: Map<string, Early[]>;
  changedAt: number;
  idleSince: number | null;
  refusals: number;
};

export type HeardRun = {
  started(): void;
  /** It is the job’s attempt: what is heard of it is its owner’s to see. */
  show(): void;
  stop(): void;
};

const EVERY_MS = 250;
/** A run that started so long ago would have been heard. */
const UNHEARD_MS = 1000;
const MAX_EARLY_PROMPTS = 50;
const MAX_EARLY_MESSAGES = 20;

/** Listens, while attempts are in flight, at their endpoints for what replicas say of them, and believes nothing else. */
export function createRunListener(deps: Deps) {
  const pools = new Map<string, Pool>();
  const storing = new Set<Promise<void>>();

  function keepEarly({ early }: Pool, { message, over }: Early): void {
    const messages = early.get(message.promptId) ?? [];
    if (message.type === 'preview' || messages.length >= MAX_EARLY_MESSAGES) return;
    early.set(message.promptId, [...messages, { message, over }]);
    for (const oldest of [...early.keys()].slice(0, -MAX_EARLY_PROMPTS)) early.delete(oldest);
  }

  /** Once, and of a duplicate only when it has become the attempt. */
  function storeHeard(attemptId: string, run: Run): void {
    if (!run.isShown || run.heardOver === null || run.isStored) return;
    run.isStored = true;
    const task = deps.jobs
      .heard(attemptId)
      .catch((err: unknown) => deps.log.warn({ err, attempt: attemptId }, 'could not store that a run was heard'))
      .finally(() => storing.delete(task));
    storing.add(task);
  }

  function receive(pool: Pool, { message, over }: Early): void {
    const run = pool.runs.get(message.promptId);
    if (!run) {
      keepEarly(pool, { message, over });
      return;
    }
    run.heardOver = over;
    run.isCut = false;
    storeHeard(message.promptId, run);
    if (message.type === 'ended') run.onReport(message.end);
    else {
      if (message.type === 'started') run.onReport({ type: 'started' });
      if (run.isShown) deps.liveRuns.take(run.job, message);
      else keepEarly(pool, { message, over });
    }
  }

  function refused(endpoint: Endpoint, pool: Pool): void {
    pool.changedAt = deps.clock.now();
    pool.refusals += 1;
    if (pool.refusals === 1)
      deps.log.info({ endpoint: endpoint.name }, 'listening refused; progress comes from the files only');
  }

  function connect(endpoint: Endpoint, pool: Pool): void {
    const socket = deps.listen(endpoint, endpoint.id, {
      message: (message) => {
        deps.heardReplicas.heard(endpoint.id, socket, pool.runs.get(message.promptId)?.heardOver ?? null);
        receive(pool, { message, over: socket });
      },
      open: () => {
        pool.refusals = 0;
        deps.heardReplicas.opened(endpoint.id, socket);
      },
      close: (wasOpen) => {
        pool.sockets.delete(socket);
        deps.heardReplicas.closed(endpoint.id, socket);
        if (!wasOpen) return refused(endpoint, pool);
        for (const run of pool.runs.values()) run.isCut = true;
      },
    });
    pool.sockets.add(socket);
  }

  /** An address that no WebSocket can have is refused like others: it must not keep the other endpoints from being heard. */
  function open(endpoint: Endpoint, pool: Pool): void {
    pool.changedAt = deps.clock.now();
    try {
      connect(endpoint, pool);
    } catch (err) {
      deps.log.debug({ err, endpoint: endpoint.name }, 'no WebSocket can be opened there');
      refused(endpoint, pool);
    }
  }

  async function tick(): Promise<void> {
    for (const [endpointId, pool] of pools) {
      const endpoint = await deps.endpoints.find(endpointId);
      const now = deps.clock.now();
      if (pool.runs.size > 0) pool.idleSince = null;
      else pool.idleSince ??= now;
      const isOn = endpoint !== null && listens(endpoint);
      const runs = [...pool.runs.values()];
      const step = nextStep(
        {
          inFlight: isOn ? runs.length : 0,
          unheard: runs.filter(
            ({ startedAt, heardOver, isCut }) =>
              (heardOver === null || isCut) && startedAt !== null && now - startedAt > UNHEARD_MS,
          ).length,
          sockets: pool.sockets.size,
          capacity: endpoint?.capacity ?? 0,
          changedAt: pool.changedAt,
          idleSince: isOn ? pool.idleSince : 0,
          refusals: pool.refusals,
        },
        now,
      );
      if (step === 'open' && endpoint) open(endpoint, pool);
      if (step === 'close') for (const socket of pool.sockets) socket.close();
      if (pool.runs.size === 0 && pool.sockets.size === 0) pools.delete(endpointId);
    }
  }

  const loop = createLoop('listening', EVERY_MS, tick, deps.log);

  return {
    /** From now on what is heard of this attempt is taken. */
    follow({ attempt, job, role }: Followed, onReport: (report: RunReport) => void): HeardRun {
      const pool = pools.get(attempt.endpointId) ?? {
        runs: new Map<string, Run>(),
        sockets: new Set<Connection>(),
        early: new Map<string, Early[]>(),
        changedAt: 0,
        idleSince: null,
        refusals: 0,
      };
      pools.set(attempt.endpointId, pool);
      const run: Run = {
        job,
        startedAt: attempt.startedAt,
        isCut: false,
        isShown: role === 'live',
        heardOver: null,
        isStored: false,
        onReport,
      };
      pool.runs.set(attempt.id, run);
      const hearEarly = () => {
        const early = pool.early.get(attempt.id) ?? [];
        pool.early.delete(attempt.id);
        for (const one of early) receive(pool, one);
      };
      hearEarly();
      if (pool.sockets.size === 0) loop.nudge();
      return {
        started() {
          run.startedAt ??= deps.clock.now();
        },
        show() {
          if (run.isShown) return;
          run.isShown = true;
          storeHeard(attempt.id, run);
          hearEarly();
        },
        stop() {
          pool.runs.delete(attempt.id);
          if (run.isShown && run.heardOver !== null) deps.liveRuns.end(job.id);
        },
      };
    },
    start: () => loop.start(),
    async stop() {
      await loop.stop();
      for (const { sockets } of pools.values()) for (const socket of sockets) socket.close();
      await Promise.all(storing);
    },
  };
}
export type RunListener = ReturnType<typeof createRunListener>;
