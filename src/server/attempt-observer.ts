import type { ShareMode } from '#src/adapters/files/share-mode.ts';
import { type AttemptFacts, isAlive, type Judgement, judge, type SeenFile, shortfall } from '#src/domain/attempt.ts';
import { attribute } from '#src/domain/attribution.ts';
import { AppError } from '#src/domain/errors.ts';
import { troubleLevel } from '#src/domain/files/delivery-trouble.ts';
import { runEndWarnings } from '#src/domain/jobs/run-end-words.ts';
import { NOTHING_KNOWN } from '#src/domain/jobs/run-report.ts';
import type { Warning } from '#src/domain/jobs/warning.ts';
import { reasonSentence } from '#src/domain/reasons.ts';
import { startBudget } from '#src/domain/start-budget.ts';
import type { Breakers } from '#src/ports/breakers.ts';
import type { Bus } from '#src/ports/events.ts';
import type { Gallery } from '#src/ports/gallery.ts';
import type { JobStore, Watched } from '#src/ports/jobs.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { ResultStore } from '#src/ports/results.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import type { FoundFile, Share } from '#src/ports/share.ts';
import type { StopAttempt } from '#src/ports/worker.ts';
import { failEmpty, failWithError } from '#src/services/jobs/fail-run.ts';
import { loseAttempt } from '#src/services/jobs/lose-attempt.ts';
import { deliverFile } from '#src/services/results/deliver-file.ts';
import { deliverText } from '#src/services/results/deliver-text.ts';
import type { Pace } from './pace.ts';
import type { FollowedRun, RunMonitor } from './run-monitor.ts';
import { createSightings } from './sightings.ts';

export type ObserverDeps = {
  jobs: JobStore;
  results: ResultStore;
  settings: SettingStore;
  share: Share;
  gallery: Gallery;
  breakers: Breakers;
  bus: Bus;
  runMonitor: Pick<RunMonitor, 'follow'>;
  startTimesOf(endpointId: string): readonly number[];
  inLine<T>(key: string, task: () => Promise<T>): Promise<T>;
  /** How often a folder in flight is scanned, ms; and whether events tell of changes between. */
  pollMs: number;
  shareMode: ShareMode;
  pace: Pace;
  stopAttempt: StopAttempt;
  random: Random;
  clock: Clock;
  log: Log;
};

const DETAIL = {
  never_started: 'no sign of life within the start budget',
  timed_out: 'no end within the job timeout',
  elsewhere: 'a replica ran it to its end, but nothing of it is on the share: do the workers write to this share?',
};

/** Of a file that is not home: what stands in the way. */
type Delivery = 'home' | 'not yet' | 'no room';

/** One attempt: delivers what is whole in its folder, judges it, and moves the job on. The caller never overlaps its checks. */
export function observeAttempt(deps: ObserverDeps, first: Watched, checkSoon: () => void) {
  const folder = first.attempt.plan.folder;
  let startedAt = first.attempt.startedAt;
  let changedAt = deps.clock.now();
  let print = '';
  let run: FollowedRun | null = null;
  let again: NodeJS.Timeout | null = null;
  // Without events a file is seen by a scan, and not by the first one where the mount caches.
  const endQuietMs = deps.shareMode === 'poll' ? Math.max(deps.pace.endQuietMs, 3 * deps.pollMs) : deps.pace.endQuietMs;
  const settled = new Set<string>();
  const foreign = new Set<string>();
  const troubles = new Map<string, { code: string; times: number }>();
  const leftOut = new Set<string>();
  const sightings = createSightings(deps.share, folder, deps.pace.quietMs);

  async function deliver(watched: Watched, file: FoundFile, unfinished: boolean): Promise<Delivery> {
    const owner = attribute(file.path, watched.attempt.plan);
    if (owner.kind !== 'output' || watched.job.warmUp || settled.has(file.path)) return 'home';
    try {
      // One at a time for a job: two of its attempts may bring the same file.
      await deps.inLine(watched.job.id, () => deliverFile(deps, watched, file, { ...owner, unfinished }));
      settled.add(file.path);
      return 'home';
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'internal') throw error;
      const about = { job: watched.job.id, attempt: watched.attempt.id, path: file.path, code: error.code };
      if (error.code === 'foreign_file') {
        foreign.add(file.path);
        deps.log.warn(about, 'a file that carries another job’s id: not delivered');
        return 'home';
      }
      sightings.forget(file.path);
      const before = troubles.get(file.path);
      const times = before?.code === error.code ? before.times + 1 : 1;
      troubles.set(file.path, { code: error.code, times });
      const level = troubleLevel(error.code, times);
      if (level !== null) deps.log[level]({ ...about, err: error }, 'a file could not be delivered yet');
      return error.code === 'storage_full' ? 'no room' : 'not yet';
    }
  }

  /** Files that are whole are delivered before anything is decided, so that a failed job keeps what it has. */
  async function deliverAll(watched: Watched, files: readonly FoundFile[], now: number) {
    const seen: SeenFile[] = [];
    const waiting = new Set<Delivery>();
    for (const file of files) {
      if (foreign.has(file.path)) continue;
      const isOutput = attribute(file.path, watched.attempt.plan).kind === 'output';
      const sight: SeenFile =
        !isOutput || settled.has(file.path) ? { path: file.path, state: 'whole' } : await sightings.see(file, now);
      if (isOutput && sight.state === 'whole') waiting.add(await deliver(watched, file, false));
      if (!foreign.has(file.path)) seen.push(sight);
    }
    return {
      seen,
      delivery: waiting.has('no room') ? 'no room' : waiting.has('not yet') ? 'not yet' : 'home',
    } as const;
  }

  async function complete(watched: Watched, facts: AttemptFacts, files: readonly FoundFile[]): Promise<void> {
    const { job, attempt, role } = watched;
    const { silent, unproven, unfinished } = shortfall(facts);
    const isUnfinished = new Set(unfinished);
    const byPath = new Map(files.map((file) => [file.path, file]));
    for (const path of [...unproven, ...unfinished]) {
      const file = byPath.get(path);
      const delivery = file && (await deliver(watched, file, isUnfinished.has(path)));
      if (delivery === 'no room') return stall(watched);
      if (delivery === 'not yet') return;
    }
    const texts = await deliverTexts(watched, facts);
    const step = { jobId: job.id, attemptId: attempt.id };
    const newest = role === 'superseded' ? (await deps.jobs.newestAttempts([job.id])).get(job.id) : undefined;
    if (job.status !== 'delivering') await deps.jobs.bringHome({ ...step, now: deps.clock.now() });
    const classOf = new Map(attempt.plan.saves.map(({ nodeId, classType }) => [nodeId, classType]));
    const warnings = [
      ...[...leftOut].map((message) => ({ nodeId: '', classType: '', message })),
      ...texts,
      ...runEndWarnings(
        silent,
        unfinished.flatMap((path) => {
          const owner = attribute(path, attempt.plan);
          if (owner.kind !== 'output') return [];
          return [{ nodeId: owner.nodeId, classType: classOf.get(owner.nodeId) ?? '', name: owner.name }];
        }),
      ),
    ];
    if (!(await deps.jobs.complete({ ...step, warnings, now: deps.clock.now() }))) return;
    deps.breakers.worked(attempt.endpointId);
    if (newest && newest.id !== attempt.id) deps.stopAttempt(newest);
  }

  /** What nodes showed as text, where only the worker's history has it; warnings for those of which it is not known. */
  async function deliverTexts(watched: Watched, { run: { end } }: AttemptFacts): Promise<Warning[]> {
    if (watched.job.warmUp) return [];
    const known = new Map(end?.type === 'success' ? end.texts.map((one) => [one.nodeId, one]) : []);
    const missing: Warning[] = [];
    for (const { nodeId, classType } of watched.attempt.plan.texts ?? []) {
      const text = known.get(nodeId);
      if (text) await deps.inLine(watched.job.id, () => deliverText(deps, watched, text));
      else
        missing.push({
          nodeId,
          classType,
          message: `What ${classType} (node ${nodeId}) shows could not be read from the worker.`,
        });
    }
    return missing;
  }

  async function stall({ job, attempt }: Watched): Promise<void> {
    const now = deps.clock.now();
    if (job.status !== 'delivering') await deps.jobs.bringHome({ jobId: job.id, attemptId: attempt.id, now });
    await deps.jobs.stall({
      jobId: job.id,
      reason: 'storage_full',
      message: reasonSentence('storage_full', { attempts: attempt.number }),
      now,
    });
  }

  async function lose(
    watched: Watched,
    reason: 'never_started' | 'timed_out' | 'lost' | 'incomplete',
    detail: string,
  ): Promise<void> {
    deps.stopAttempt(watched.attempt);
    await loseAttempt(deps, watched, reason, detail);
    // Only when that is stored: a check that fails is made again, and would count again.
    if (reason !== 'timed_out') deps.breakers.failed(watched.attempt.endpointId, 'lost');
  }

  async function act(
    watched: Watched,
    judgement: Judgement,
    facts: AttemptFacts,
    files: readonly FoundFile[],
  ): Promise<void> {
    switch (judgement) {
      case 'wait': {
        const { end } = facts.run;
        if (end?.type === 'failed') return failWithError(deps, watched, end.failure);
        const detail =
          end?.type === 'interrupted'
            ? 'it was interrupted on the worker'
            : `no replica knows of it, asked ${facts.run.misses} times`;
        if (end?.type === 'interrupted' || run?.isLost())
          return lose(watched, startedAt === null ? 'never_started' : 'lost', detail);
        return;
      }
      case 'settling':
        return checkAfterQuiet();
      case 'whole':
      case 'over': {
        const { isEmpty, silent } = shortfall(facts);
        return isEmpty && !facts.plan.texts && !watched.job.warmUp
          ? failEmpty(deps, watched, silent)
          : complete(watched, facts, files);
      }
      case 'elsewhere':
        return lose(watched, 'incomplete', DETAIL.elsewhere);
      case 'never_started':
      case 'timed_out':
        return lose(watched, judgement, DETAIL[judgement]);
    }
  }

  /** Replicas are asked about an attempt from the worker's answer on, as long as it is the job's present one. */
  function followRun({ role, attempt, job }: Watched): void {
    const isAsked = role === 'live' && attempt.answeredAt !== null && job.status !== 'delivering';
    if (isAsked) run ??= deps.runMonitor.follow(attempt, checkSoon);
    else stopFollowing();
  }
  function stopFollowing(): void {
    run?.stop();
    run = null;
    if (again) clearTimeout(again);
    again = null;
  }
  /** The end is known; what the folder says then must not wait for the next scan. */
  function checkAfterQuiet(): void {
    again ??= setTimeout(() => {
      again = null;
      checkSoon();
    }, endQuietMs);
  }

  return {
    async check(watched: Watched): Promise<void> {
      const { attempt, job, role } = watched;
      followRun(watched);
      const { files, leftOut: untold } = await deps.share.list(folder);
      for (const sentence of untold)
        if (!leftOut.has(sentence))
          deps.log.warn({ job: job.id, attempt: attempt.id, folder }, `files are left out: ${sentence}`);
      leftOut.clear();
      for (const sentence of untold) leftOut.add(sentence);
      const now = deps.clock.now();
      const nextPrint = files.map(({ path, bytes, mtimeMs }) => `${path} ${bytes} ${mtimeMs}`).join('\n');
      changedAt = nextPrint === print ? Math.min(changedAt, now) : now;
      print = nextPrint;

      const alive = isAlive({ plan: attempt.plan, files: files.map(({ path }) => ({ path, state: 'growing' })) });
      if (startedAt === null && alive) {
        deps.breakers.worked(attempt.endpointId);
        if (role === 'live') await deps.jobs.start({ jobId: job.id, attemptId: attempt.id, now });
        startedAt = now;
      }
      const { seen, delivery } = await deliverAll(watched, files, now);
      if (role === 'late') return;

      const settings = await deps.settings.read();
      const known = run?.known() ?? NOTHING_KNOWN;
      // A replica can keep a prompt in its queue for ever: for as long as one job may take, being there counts as a sign of life.
      const sentAt = Math.max(attempt.sentAt, Math.min(known.aliveAt ?? 0, attempt.sentAt + settings.jobTimeoutMs));
      const facts: AttemptFacts = { plan: attempt.plan, sentAt, startedAt, changedAt, files: seen, run: known };
      const limits = {
        endQuietMs,
        graceMs: deps.pace.graceMs,
        jobTimeoutMs: settings.jobTimeoutMs,
        startBudgetMs: startBudget(deps.startTimesOf(attempt.endpointId), {
          floorMs: settings.startBudgetFloorMs,
          ceilingMs: settings.startBudgetMs,
        }),
      };
      const judgement = judge(facts, limits, deps.clock.now());
      const isOver = judgement === 'whole' || judgement === 'over';
      if (isOver && delivery === 'no room') return stall(watched);
      if (isOver && delivery === 'not yet') {
        if (job.status !== 'delivering') await deps.jobs.bringHome({ jobId: job.id, attemptId: attempt.id, now });
        return;
      }
      if (role === 'superseded') return judgement === 'whole' ? complete(watched, facts, files) : undefined;
      await act(watched, judgement, facts, files);
    },
    close: stopFollowing,
  };
}
