import type PQueue from 'p-queue';
import { isAlive, type Judgement, judge, type SeenFile } from '#src/domain/attempt.ts';
import { attribute } from '#src/domain/attribution.ts';
import { AppError } from '#src/domain/errors.ts';
import { causeOf, failureAsNodeErrors } from '#src/domain/failure.ts';
import { parseGraph } from '#src/domain/graph.ts';
import type { Failure } from '#src/domain/probe.ts';
import { reasonSentence } from '#src/domain/reasons.ts';
import { startBudget } from '#src/domain/start-budget.ts';
import type { Breakers } from '#src/ports/breakers.ts';
import type { Bus } from '#src/ports/events.ts';
import type { Gallery } from '#src/ports/gallery.ts';
import type { JobStore, Watched } from '#src/ports/jobs.ts';
import type { Random } from '#src/ports/random.ts';
import type { ResultStore } from '#src/ports/results.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import type { FoundFile, Share } from '#src/ports/share.ts';
import type { StopAttempt } from '#src/ports/worker.ts';
import { loseAttempt } from '#src/services/jobs/lose-attempt.ts';
import { deliverFile } from '#src/services/results/deliver-file.ts';
import type { FolderTroubles } from './folder-troubles.ts';
import { type PulseDeps, takePulse } from './pulse.ts';
import { createSightings } from './sightings.ts';
import { createTroubles } from './troubles.ts';

export type FolderDeps = PulseDeps & {
  jobs: JobStore;
  results: ResultStore;
  settings: SettingStore;
  share: Share;
  gallery: Gallery;
  breakers: Breakers;
  bus: Bus;
  folderTroubles: FolderTroubles;
  startTimesOf(endpointId: string): readonly number[];
  inLine<T>(key: string, task: () => Promise<T>): Promise<T>;
  /** How often a folder in flight is looked at, whatever the hints say, ms. */
  pollMs: number;
  stopAttempt: StopAttempt;
  random: Random;
};

export type WatchedFolder = {
  /** An attempt that has ended is looked at only when asked to. */
  update(watched: Watched): void;
  look(): void;
  close(): Promise<void>;
};

/** A file that grows gives a hint with every write; each look reads it again. */
const LEAST_REST_MS = 40;
const VAIN = { never_started: 'no sign of life within the start budget', timed_out: 'no end within the job timeout' };
const ELSEWHERE = 'a replica ran it to its end, but not all of it is on the share: do the workers write to this share?';

/** One attempt's folder: looks, brings home what is whole, and moves the job on. Looks never overlap. */
export function watchFolder(deps: FolderDeps, looks: PQueue, first: Watched): WatchedFolder {
  let watched = first;
  let startedAt = first.attempt.startedAt;
  let changedAt = deps.clock.now();
  let print = '';
  let lookedAt = Number.NEGATIVE_INFINITY;
  let resting: NodeJS.Timeout | null = null;
  let scanning: NodeJS.Timeout | null = null;
  let state: 'idle' | 'looking' | 'look again' | 'closed' = 'idle';
  const settled = new Set<string>();
  const foreign = new Set<string>();
  const troubles = createTroubles();
  const folder = first.attempt.plan.folder;
  const sightings = createSightings(deps.share, folder, deps.pace.quietMs);
  const pulse = takePulse(deps, first.attempt, look);

  const isClosed = () => state === 'closed';
  const facts = () => ({ job: watched.job.id, attempt: watched.attempt.id });

  /** True when nothing is left to do for this file; 'no room' when only a fuller disk stands in the way. */
  async function deliver(file: FoundFile): Promise<boolean | 'no room'> {
    const owner = attribute(file.path, watched.attempt.plan);
    if (owner.kind !== 'output' || watched.job.warmUp || settled.has(file.path)) return true;
    try {
      // One at a time for a job: two of its attempts may bring the same file.
      await deps.inLine(watched.job.id, () => deliverFile(deps, watched, file, { ...owner, unfinished: false }));
      settled.add(file.path);
      return true;
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'internal') throw error;
      const about = { ...facts(), path: file.path, code: error.code };
      if (error.code === 'foreign_file') {
        foreign.add(file.path);
        deps.log.warn(about, 'a file that carries another job’s id: not delivered');
        return true;
      }
      sightings.forget(file.path);
      if (troubles.isNew(file.path, error))
        deps.log.warn({ ...about, err: error }, 'a file could not be brought home yet');
      return error.code === 'storage_full' ? 'no room' : false;
    }
  }

  async function finish(): Promise<void> {
    const { job, attempt, role } = watched;
    const step = { jobId: job.id, attemptId: attempt.id };
    const newest = role === 'superseded' ? (await deps.jobs.newestAttempts([job.id])).get(job.id) : undefined;
    if (job.status !== 'delivering') await deps.jobs.bringHome({ ...step, now: deps.clock.now() });
    if (!(await deps.jobs.complete({ ...step, now: deps.clock.now() }))) return;
    deps.breakers.worked(attempt.endpointId);
    if (newest && newest.id !== attempt.id) deps.stopAttempt(newest);
  }

  async function fail(failure: Failure): Promise<void> {
    const { job, attempt } = watched;
    deps.log.info({ job: job.id, attempt: attempt.id, endpoint: attempt.endpointId, failure }, 'a node failed');
    await deps.jobs.fail({
      jobId: job.id,
      attemptId: attempt.id,
      reason: 'execution_error',
      message: reasonSentence('execution_error', {
        attempts: attempt.number,
        node: failure.nodeType,
        cause: causeOf(failure),
      }),
      nodeErrors: (await isOwnNode(job.id, failure.nodeId)) ? failureAsNodeErrors(failure) : null,
      detail: [`${failure.exceptionType}: ${failure.message}`, ...failure.traceback].join('\n'),
      now: deps.clock.now(),
    });
  }

  /** The markers that were added are none of the participant's. */
  async function isOwnNode(jobId: string, nodeId: string): Promise<boolean> {
    const graph = await deps.jobs.graph(jobId);
    return graph !== null && Object.hasOwn(parseGraph(JSON.parse(graph.prompt)), nodeId);
  }

  async function lose(reason: 'never_started' | 'timed_out' | 'lost' | 'incomplete', detail: string): Promise<void> {
    deps.stopAttempt(watched.attempt);
    await loseAttempt(deps, watched, reason, detail);
    // Only when that is stored: a look that fails is made again, and would count again.
    if (reason !== 'timed_out') deps.breakers.failed(watched.attempt.endpointId, 'lost');
  }

  async function act(judgement: Judgement, here: number): Promise<void> {
    const { job, attempt } = watched;
    switch (judgement) {
      case 'wait':
        return;
      case 'whole':
        return finish();
      case 'incomplete': {
        const expected = Math.max(here + 1, attempt.plan.saves.length);
        const message = reasonSentence('incomplete', { attempts: attempt.number, here, expected });
        await deps.jobs.fail({
          jobId: job.id,
          attemptId: attempt.id,
          reason: 'incomplete',
          message,
          now: deps.clock.now(),
        });
        return;
      }
      case 'never_started':
      case 'timed_out':
        return pulse.hasEnded() ? lose('incomplete', ELSEWHERE) : lose(judgement, VAIN[judgement]);
    }
  }

  /** Files that are whole are on their way home before anything is decided, so that a failed job keeps what it has. */
  async function bringHome(files: readonly FoundFile[], now: number) {
    const seen: SeenFile[] = [];
    let home: 'all' | 'not all' | 'no room' = 'all';
    for (const file of files) {
      if (foreign.has(file.path)) continue;
      const isOutput = attribute(file.path, watched.attempt.plan).kind === 'output';
      if (!isOutput || settled.has(file.path)) {
        seen.push({ path: file.path, state: 'whole' });
        continue;
      }
      const sight = await sightings.see(file, now);
      seen.push(sight);
      if (sight.state !== 'whole') continue;
      const done = await deliver(file);
      if (foreign.has(file.path)) seen.pop();
      if (done === 'no room') home = done;
      else if (!done && home === 'all') home = 'not all';
    }
    return { seen, home };
  }

  async function lookOnce(): Promise<void> {
    const { attempt, job, role } = watched;
    const files = await deps.share.list(folder);
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
    const { seen, home } = await bringHome(files, now);
    if (role === 'late') return;

    const settings = await deps.settings.read();
    const limits = {
      quietMs: deps.pace.quietMs,
      graceMs: deps.pace.graceMs,
      jobTimeoutMs: settings.jobTimeoutMs,
      startBudgetMs: startBudget(deps.startTimesOf(attempt.endpointId), {
        floorMs: settings.startBudgetFloorMs,
        ceilingMs: settings.startBudgetMs,
      }),
    };
    // A replica can keep a prompt in its queue for ever: for as long as one job may take, being there counts as a sign of life.
    const sentAt = Math.max(attempt.sentAt, Math.min(pulse.aliveAt() ?? 0, attempt.sentAt + settings.jobTimeoutMs));
    const judgement = judge(
      { plan: attempt.plan, sentAt, startedAt, changedAt, files: seen },
      limits,
      deps.clock.now(),
    );
    if (judgement === 'whole' && home !== 'all') {
      if (job.status !== 'delivering') await deps.jobs.bringHome({ jobId: job.id, attemptId: attempt.id, now });
      if (home === 'no room')
        await deps.jobs.stall({
          jobId: job.id,
          reason: 'storage_full',
          message: reasonSentence('storage_full', { attempts: attempt.number }),
          now,
        });
      return;
    }
    if (role === 'superseded') return judgement === 'whole' ? finish() : undefined;
    const finding = pulse.finding();
    if (judgement === 'wait' && finding !== null)
      return finding.type === 'failed'
        ? fail(finding.failure)
        : lose(startedAt === null ? 'never_started' : 'lost', finding.detail);
    await act(judgement, settled.size);
    if (judgement === 'wait' && settings.probe && attempt.answeredAt !== null)
      pulse.check(Math.max(attempt.answeredAt, startedAt === null ? 0 : changedAt));
  }

  async function run(): Promise<void> {
    while (state === 'look again') {
      state = 'looking';
      lookedAt = performance.now();
      try {
        await lookOnce();
        deps.folderTroubles.over(folder);
      } catch (error) {
        if (!isClosed()) deps.folderTroubles.failed(folder, facts(), error);
      }
    }
    if (state === 'looking') state = 'idle';
  }

  /** At once, unless the last look has only just been. */
  function look(): void {
    if (state === 'closed' || resting) return;
    const rest = lookedAt + LEAST_REST_MS - performance.now();
    if (rest > 0) {
      resting = setTimeout(() => {
        resting = null;
        look();
      }, rest);
      return;
    }
    const idle = state === 'idle';
    state = 'look again';
    if (idle) void looks.add(run);
  }

  /** Each folder in a time of its own, a little under `pollMs`: looked at all at once, whole files would wait for each other. */
  function scan(): void {
    scanning = setTimeout(
      () => {
        look();
        scan();
      },
      deps.pollMs - deps.random.below(Math.ceil(deps.pollMs / 5)),
    );
  }
  function stopScanning(): void {
    if (scanning) clearTimeout(scanning);
    scanning = null;
  }

  const noHints = async (): Promise<void> => undefined;
  let hints =
    first.role === 'late'
      ? Promise.resolve(noHints)
      : deps.share.watch(folder, look).catch((error: unknown) => {
          deps.folderTroubles.noHints(facts(), error);
          return noHints;
        });
  const stopHints = async (): Promise<void> => {
    const stop = hints;
    hints = Promise.resolve(noHints);
    await (await stop)();
  };
  look();
  if (first.role !== 'late') scan();
  return {
    update(next) {
      watched = next;
      if (next.role !== 'late') return scanning === null ? scan() : undefined;
      stopScanning();
      void stopHints();
    },
    look,
    async close() {
      state = 'closed';
      if (resting) clearTimeout(resting);
      stopScanning();
      pulse.close();
      await stopHints();
    },
  };
}
