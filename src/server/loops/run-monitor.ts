import {
  afterMiss,
  afterReport,
  isLost,
  NOTHING_KNOWN,
  pauseAfter,
  type RunAsking,
  type RunKnowledge,
  type RunReport,
} from '#src/domain/jobs/run-report.ts';
import type { Endpoint, EndpointStore } from '#src/ports/endpoints.ts';
import type { Attempt } from '#src/ports/jobs.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';
import type { AskEndpoint, AskRuns, RunAnswer } from '#src/ports/worker.ts';
import { sleep } from '../sleep.ts';

type Deps = {
  endpoints: Pick<EndpointStore, 'find'>;
  settings: { read(): Promise<{ readonly probe: boolean }> };
  askRuns: AskRuns;
  askEndpoint: AskEndpoint;
  workerVersions: { learn(endpointId: string, version: string): void };
  clock: Clock;
  log: Log;
};

/** What is known of an attempt's run besides its files. */
export type FollowedRun = {
  known(): RunKnowledge;
  /** No replica has it any more. */
  isLost(): boolean;
  /** What was heard of it without asking. */
  learn(report: RunReport): void;
  stop(): void;
};

export interface RunMonitor {
  /** From now on its endpoint is asked; `onNews` is called when it is known that the run has started or ended, or that it is lost. */
  follow(attempt: Pick<Attempt, 'id' | 'endpointId' | 'plan'>, onNews: () => void): FollowedRun;
  close(): Promise<void>;
}

type Run = { known: RunKnowledge; isLost: boolean; since: number; wantsTexts: boolean; onNews(): void };

const VERSION_EVERY_MS = 10 * 60_000;
const VERSION_TIMEOUT_MS = 5000;
/** Workers are updated one by one: whether they have the list of jobs is found out anew. */
const JOBS_LIST_EVERY_MS = 10 * 60_000;
/** Entries without graphs. */
const MAX_JOBS = 100;
const MAX_HISTORY = 16;
/** Endings are what is waited for: one question in so many is about what lives, because a worker that is up for long has more jobs than a list of them. */
const QUEUE_EVERY = 4;
const MAX_SILENT_PAUSE_MS = 5000;

/** Asks each endpoint that has attempts in flight what became of its runs, at the pace of `domain/jobs/run-report.ts`; each answer counts for all of them. */
export function createRunMonitor(deps: Deps, asking: RunAsking): RunMonitor {
  const abort = new AbortController();
  const versionAskedAt = new Map<string, number>();
  const noJobsListAt = new Map<string, number>();
  const runs = new Map<string, Map<string, Run>>();
  const loops = new Map<string, Promise<void>>();

  const isOld = (at: number | undefined, ms: number): boolean =>
    at === undefined || Math.abs(deps.clock.now() - at) >= ms;

  async function askVersion(endpoint: Endpoint): Promise<void> {
    if (!isOld(versionAskedAt.get(endpoint.id), VERSION_EVERY_MS)) return;
    versionAskedAt.set(endpoint.id, deps.clock.now());
    const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(VERSION_TIMEOUT_MS)]);
    const answer = await deps.askEndpoint(endpoint, signal);
    if (answer.type === 'answered' && answer.version !== null) deps.workerVersions.learn(endpoint.id, answer.version);
  }

  function take(endpoint: Endpoint, of: ReadonlyMap<string, Run>, answer: RunAnswer, tellsOfLiving: boolean): void {
    if (answer.type !== 'reports') return;
    const now = deps.clock.now();
    for (const [attemptId, run] of of) {
      const report = answer.reports.get(attemptId);
      if (report) run.known = afterReport(run.known, report, now);
      else if (tellsOfLiving && answer.isWhole) run.known = afterMiss(run.known, now);
      else continue;
      run.isLost = isLost(run.known, endpoint.capacity, now, asking);
      if (run.isLost || run.known.end !== null) run.onNews();
    }
  }

  async function loop(endpointId: string, all: Map<string, Run>): Promise<void> {
    let limit = MAX_HISTORY;
    let pause = asking.firstAfterMs;
    for (let turn = 0; all.size > 0; turn += 1) {
      await sleep(pause, abort.signal);
      if (abort.signal.aborted) return;
      const endpoint = await deps.endpoints.find(endpointId);
      const now = deps.clock.now();
      const due = new Map([...all].filter(([, run]) => Math.abs(now - run.since) >= asking.firstAfterMs));
      if (!endpoint || due.size === 0 || !(await deps.settings.read()).probe) {
        pause = asking.maxPauseMs;
        continue;
      }
      await askVersion(endpoint);
      // The list of jobs does not tell what nodes showed as text.
      const wantsTexts = [...due.values()].some((run) => run.wantsTexts && run.known.end === null);
      const hasJobsList = !wantsTexts && isOld(noJobsListAt.get(endpointId), JOBS_LIST_EVERY_MS);
      const isAboutLiving = turn % QUEUE_EVERY === QUEUE_EVERY - 1;
      const list = hasJobsList ? (isAboutLiving ? 'living' : 'jobs') : isAboutLiving ? 'queue' : 'history';
      const answer = await deps.askRuns(endpoint, list, hasJobsList ? MAX_JOBS : limit, abort.signal);
      if (answer.type === 'unsupported' && hasJobsList) noJobsListAt.set(endpointId, deps.clock.now());
      take(endpoint, due, answer, list !== 'history');
      if (list === 'history')
        limit = answer.type === 'too_large' ? Math.max(1, limit >> 1) : Math.min(MAX_HISTORY, limit + 1);
      const hasAnswered = answer.type === 'reports' || answer.type === 'unsupported';
      if (!hasAnswered) pause = Math.min(MAX_SILENT_PAUSE_MS, Math.max(asking.maxPauseMs, 2 * pause));
      // A question about what lives takes no turn of those about what has ended.
      else if (isAboutLiving) pause = 0;
      else pause = pauseAfter(endpoint.capacity, answer.type === 'reports' ? answer.bytes : 0, asking);
    }
  }

  async function ask(endpointId: string, all: Map<string, Run>): Promise<void> {
    // What a question cannot find out is asked again; what goes wrong here must not leave the endpoint unasked.
    while (all.size > 0 && !abort.signal.aborted) {
      try {
        await loop(endpointId, all);
      } catch (error) {
        if (abort.signal.aborted) return;
        deps.log.error({ err: error, endpoint: endpointId }, 'could not check the status of runs, retrying');
        await sleep(MAX_SILENT_PAUSE_MS, abort.signal);
      }
    }
  }

  function begin(endpointId: string, all: Map<string, Run>): void {
    if (abort.signal.aborted) return;
    const asking = ask(endpointId, all).finally(() => {
      loops.delete(endpointId);
      // One may have come while the last one went.
      if (all.size > 0) begin(endpointId, all);
      else runs.delete(endpointId);
    });
    loops.set(endpointId, asking);
  }

  return {
    follow({ id, endpointId, plan }, onNews) {
      const wantsTexts = plan.texts !== undefined;
      const run: Run = { known: NOTHING_KNOWN, isLost: false, since: deps.clock.now(), wantsTexts, onNews };
      const all = runs.get(endpointId) ?? new Map<string, Run>();
      runs.set(endpointId, all.set(id, run));
      if (!loops.has(endpointId)) begin(endpointId, all);
      return {
        known: () => run.known,
        isLost: () => run.isLost,
        learn(report) {
          // Only an answer carries what nodes showed as text.
          if (report.type === 'success' && wantsTexts) return;
          const { hasStarted } = run.known;
          run.known = afterReport(run.known, report, deps.clock.now());
          run.isLost = false;
          if (run.known.end !== null || run.known.hasStarted !== hasStarted) run.onNews();
        },
        stop: () => void (all.get(id) === run && all.delete(id)),
      };
    },
    async close() {
      abort.abort();
      await Promise.all(loops.values());
    },
  };
}
