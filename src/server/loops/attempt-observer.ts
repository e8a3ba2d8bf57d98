import type { ShareMode } from '#src/adapters/files/share/share-mode.ts';
import { type AttemptFacts, type AttemptJudgement, isAlive, judge, shortfall } from '#src/domain/jobs/attempt.ts';
import { NOTHING_KNOWN } from '#src/domain/jobs/run-report.ts';
import { startBudget } from '#src/domain/jobs/start-budget.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { Sealer } from '#src/ports/auth.ts';
import type { DuplicateStore } from '#src/ports/duplicates.ts';
import type { Breakers } from '#src/ports/endpoints.ts';
import type { Bus } from '#src/ports/events.ts';
import type { Gallery } from '#src/ports/gallery.ts';
import type { AttemptReader, JobMoves, JobQueue, JobReader, Watched } from '#src/ports/jobs.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { ResultStore } from '#src/ports/results.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import type { FoundFile, Share } from '#src/ports/share.ts';
import type { StopAttempt } from '#src/ports/worker.ts';
import { failEmpty, failWithError } from '#src/services/jobs/fail-run.ts';
import type { Timings } from '../timings.ts';
import { createEndings } from './attempt-endings.ts';
import { createDuplicateRuns } from './duplicate-runs.ts';
import { createFolderDelivery, type Recording, toPrint, worst } from './folder-delivery.ts';
import type { HeardRun, RunListener } from './run-listener.ts';
import type { FollowedRun, RunMonitor } from './run-monitor.ts';

export type ObserverDeps = {
  jobs: JobReader & JobQueue & AttemptReader & JobMoves;
  duplicates: DuplicateStore;
  results: ResultStore;
  settings: SettingStore;
  share: Share;
  gallery: Gallery;
  breakers: Breakers;
  bus: Bus;
  runMonitor: Pick<RunMonitor, 'follow'>;
  runListener: Pick<RunListener, 'follow'>;
  startTimesOf(endpointId: string): readonly number[];
  inTurn<T>(key: string, task: () => Promise<T>): Promise<T>;
  /** How often a folder in flight is scanned, ms; and whether events tell of changes between. */
  pollMs: number;
  shareMode: ShareMode;
  timings: Timings;
  stopAttempt: StopAttempt;
  auditLog: AuditLog;
  sealer: Pick<Sealer, 'open'>;
  random: Random;
  clock: Clock;
  log: Log;
};

const DETAIL = {
  never_started: 'no activity within the start timeout',
  timed_out: 'not finished within the job timeout',
  elsewhere: 'a replica finished it, but no files are on the share: do the workers write to this share?',
};

/** One attempt: delivers what is whole in its folder, judges it, and moves the job on. The caller never overlaps its checks. */
export function observeAttempt(deps: ObserverDeps, first: Watched, checkSoon: () => void) {
  const folder = first.attempt.plan.folder;
  let startedAt = first.attempt.startedAt;
  let changedAt = deps.clock.now();
  let print = '';
  let run: FollowedRun | null = null;
  let heard: HeardRun | null = null;
  let again: NodeJS.Timeout | null = null;
  let isCompleted = false;
  let starting: Promise<void> | null = null;
  // Without events a file is seen by a scan, and not by the first one where the mount caches.
  const markedQuietMs = deps.shareMode === 'poll' ? deps.pollMs / 2 : 0;
  const endQuietMs =
    deps.shareMode === 'poll' ? Math.max(deps.timings.endQuietMs, 3 * deps.pollMs) : deps.timings.endQuietMs;
  const leftOut = new Set<string>();
  const home = createFolderDelivery(deps, folder);
  const endings = createEndings(deps, home);
  const duplicateRuns = createDuplicateRuns(deps);

  async function act(
    watched: Watched,
    judgement: AttemptJudgement,
    facts: AttemptFacts,
    files: readonly FoundFile[],
    last: Recording | null,
  ): Promise<void> {
    switch (judgement) {
      case 'wait': {
        const { end } = facts.run;
        if (end?.type === 'failed') return failWithError(deps, watched, end.failure);
        const detail =
          end?.type === 'interrupted'
            ? 'it was interrupted on the worker'
            : `no replica knows this job, asked ${facts.run.misses} times`;
        if (end?.type === 'interrupted' || run?.isLost())
          return endings.lose(watched, startedAt === null ? 'never_started' : 'lost', detail);
        return;
      }
      case 'settling':
        return checkAfter(endQuietMs);
      case 'whole':
      case 'over': {
        const { isEmpty, silent } = shortfall(facts);
        return isEmpty && !facts.plan.texts && !watched.job.warmUp
          ? failEmpty(deps, watched, silent)
          : complete(watched, facts, files, last);
      }
      case 'elsewhere':
        return endings.lose(watched, 'incomplete', DETAIL.elsewhere);
      case 'never_started':
      case 'timed_out':
        return endings.lose(watched, judgement, DETAIL[judgement]);
    }
  }

  async function complete(
    watched: Watched,
    facts: AttemptFacts,
    files: readonly FoundFile[],
    last: Recording | null,
  ): Promise<void> {
    isCompleted = await endings.complete(watched, facts, files, leftOut, last);
    // Whoever listens on would open connections anew, and a connection can start a GPU.
    if (isCompleted) stopFollowing();
  }

  /** Nothing waits for it: what is there is delivered meanwhile, and both may share a transaction. */
  async function start({ attempt, job, role }: Watched, now: number): Promise<void> {
    startedAt = now;
    heard?.started();
    try {
      const moving = role === 'live' ? deps.jobs.start({ jobId: job.id, attemptId: attempt.id, now }) : null;
      await Promise.all([deps.breakers.worked(attempt.endpointId), moving]);
    } catch (error) {
      startedAt = null;
      deps.log.warn(
        { err: error, job: job.id, attempt: attempt.id },
        'could not store that a run has started, retrying',
      );
    }
  }

  /** Replicas are asked about an attempt from the worker's answer on, as long as it is the job's present one. */
  function followRun(watched: Watched): void {
    const { role, attempt, job } = watched;
    const isOf = {
      live: job.status !== 'delivering',
      duplicate: true,
      withdrawn: startedAt !== null,
      superseded: false,
      late: false,
    };
    if (attempt.answeredAt === null || !isOf[role]) {
      stopFollowing();
      return;
    }
    run ??= deps.runMonitor.follow(attempt, checkSoon);
    heard ??= deps.runListener.follow(watched, (report) => run?.learn(report));
    if (role === 'live') heard.show();
  }
  function stopFollowing(): void {
    run?.stop();
    heard?.stop();
    run = null;
    heard = null;
    if (again) clearTimeout(again);
    again = null;
  }
  /** What has only to be quiet for a while must not wait for the next scan. */
  function checkAfter(ms: number): void {
    again ??= setTimeout(() => {
      again = null;
      checkSoon();
    }, ms);
  }

  return {
    async check(watched: Watched): Promise<void> {
      const { attempt, job, role } = watched;
      // Until this is read again, and the attempt is one that may bring late files.
      if (isCompleted && role !== 'late') return;
      followRun(watched);
      // Before the look: what it finds is at least as new as what is known of the run's end.
      const known = run?.known() ?? NOTHING_KNOWN;
      const { files, leftOut: untold } = await deps.share.list(folder);
      for (const sentence of untold)
        if (!leftOut.has(sentence))
          deps.log.warn({ job: job.id, attempt: attempt.id, folder }, `files were skipped: ${sentence}`);
      leftOut.clear();
      for (const sentence of untold) leftOut.add(sentence);
      const now = deps.clock.now();
      const nextPrint = files.map(toPrint).join('\n');
      changedAt = nextPrint === print ? Math.min(changedAt, now) : now;
      print = nextPrint;

      const isSeen = isAlive({ plan: attempt.plan, files: files.map(({ path }) => ({ path, state: 'growing' })) });
      const alive = isSeen || known.hasStarted;
      if (role === 'duplicate' || role === 'withdrawn') {
        if (alive && (startedAt === null || role === 'withdrawn')) await duplicateRuns.started(watched);
        if (alive) startedAt ??= now;
        if (role === 'withdrawn' && known.end !== null) await duplicateRuns.ended(watched);
        return;
      }
      if (startedAt === null && alive) starting = start(watched, now);
      const { seen, last, ...others } = await home.deliverAll(watched, files, now);
      if (last && role !== 'late') seen.push(...(await home.newMarkers(files).finally(last.release)));
      last?.release();
      if (role === 'late') {
        await last?.done;
        if (seen.some(({ state }) => state === 'unproven')) checkAfter(deps.timings.quietMs);
        return;
      }

      const settings = await deps.settings.read();
      // A replica can keep a prompt in its queue for ever: for as long as one job may take, being there counts as activity.
      const sentAt = Math.max(attempt.sentAt, Math.min(known.aliveAt ?? 0, attempt.sentAt + settings.jobTimeoutMs));
      const facts: AttemptFacts = { plan: attempt.plan, sentAt, startedAt, changedAt, files: seen, run: known };
      const limits = {
        markedQuietMs,
        endQuietMs,
        graceMs: deps.timings.graceMs,
        jobTimeoutMs: settings.jobTimeoutMs,
        startBudgetMs: startBudget(deps.startTimesOf(attempt.endpointId), {
          floorMs: settings.startBudgetFloorMs,
          ceilingMs: settings.startBudgetMs,
        }),
      };
      // As of the look: what has come since, while files were imported, is not in it.
      const judgement = judge(facts, limits, now);
      const isOver = judgement === 'whole' || judgement === 'over';
      const mayComplete = isOver && others.delivery === 'home' && (role === 'live' || judgement === 'whole');
      const delivery = mayComplete ? 'home' : worst([others.delivery, (await last?.done) ?? 'home']);
      if (isOver && (delivery === 'storage_full' || delivery === 'storage_unavailable'))
        return endings.stall(watched, delivery);
      if (isOver && delivery === 'not yet') {
        if (job.status !== 'delivering') await deps.jobs.markDelivering({ jobId: job.id, attemptId: attempt.id, now });
        return;
      }
      if (role === 'superseded') return judgement === 'whole' ? complete(watched, facts, files, last) : undefined;
      await act(watched, judgement, facts, files, last);
    },
    close: stopFollowing,
    /** What was begun and not waited for is done. */
    settled: async () => starting ?? undefined,
  };
}
