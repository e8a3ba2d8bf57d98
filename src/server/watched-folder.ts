import type PQueue from 'p-queue';
import { type Judgement, isAlive, judge, type SeenFile } from '#src/domain/attempt.ts';
import { attribute } from '#src/domain/attribution.ts';
import { AppError } from '#src/domain/errors.ts';
import { reasonSentence } from '#src/domain/reasons.ts';
import type { Settings } from '#src/domain/settings.ts';
import type { Gallery } from '#src/ports/gallery.ts';
import type { InFlight, JobStore } from '#src/ports/jobs.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { ResultStore } from '#src/ports/results.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import type { FoundFile, Share } from '#src/ports/share.ts';
import type { StopAttempt } from '#src/ports/worker.ts';
import { loseAttempt } from '#src/services/jobs/lose-attempt.ts';
import { deliverFile } from '#src/services/results/deliver-file.ts';

export type FolderDeps = {
  jobs: JobStore;
  results: ResultStore;
  settings: SettingStore;
  share: Share;
  gallery: Gallery;
  stopAttempt: StopAttempt;
  clock: Clock;
  random: Random;
  log: Log;
};

export type WatchedFolder = {
  update(flight: InFlight): void;
  look(): void;
  close(): Promise<void>;
};

/** Nothing new for so long, where no finish marker can be built. A save node of the core writes its files one right after the other. */
const QUIET_MS = 2500;
const GRACE_MS = 60_000;
/** A growing file whose size and time stand still may still have got new bytes: a share caches attributes. */
const EXAMINE_AGAIN_MS = 2000;

type Sight = { bytes: number; mtimeMs: number; since: number; examinedAt: number; state: SeenFile['state'] | 'unproven' };

/** One attempt's folder: looks, brings home what is whole, and moves the job on. Looks never overlap. */
export async function watchFolder(deps: FolderDeps, looks: PQueue, first: InFlight): Promise<WatchedFolder> {
  let flight = first;
  let startedAt = first.attempt.startedAt;
  let changedAt = deps.clock.now();
  let print = '';
  let state: 'idle' | 'looking' | 'look again' | 'closed' = 'idle';
  const sights = new Map<string, Sight>();
  const settled = new Set<string>();
  const folder = first.attempt.plan.folder;

  async function sight(file: FoundFile, now: number): Promise<SeenFile> {
    const before = sights.get(file.path);
    const unchanged = before !== undefined && before.bytes === file.bytes && before.mtimeMs === file.mtimeMs;
    const since = unchanged ? before.since : now;
    let seen = before;
    if (!unchanged || (before.state !== 'whole' && now - before.examinedAt >= EXAMINE_AGAIN_MS)) {
      const verdict = await deps.share.examine(folder, file.path);
      seen = { bytes: file.bytes, mtimeMs: file.mtimeMs, since, examinedAt: now, state: verdict.state };
      sights.set(file.path, seen);
    }
    const known = seen?.state ?? 'growing';
    return { path: file.path, state: known !== 'unproven' ? known : now - since >= QUIET_MS ? 'whole' : 'growing' };
  }

  async function deliver(file: FoundFile): Promise<boolean> {
    const owner = attribute(file.path, flight.attempt.plan);
    if (owner.kind !== 'output' || settled.has(file.path)) return true;
    try {
      await deliverFile(deps, flight, file, owner);
      settled.add(file.path);
      return true;
    } catch (error) {
      if (error instanceof AppError && error.code === 'foreign_file') {
        settled.add(file.path);
        deps.log.warn({ job: flight.job.id, attempt: flight.attempt.id, path: file.path }, 'a file that carries another job’s id: not delivered');
        return true;
      }
      sights.delete(file.path);
      if (!(error instanceof AppError) || error.code === 'internal') throw error;
      deps.log.warn({ err: error, job: flight.job.id, path: file.path, code: error.code }, 'a file could not be brought home yet');
      return false;
    }
  }

  async function act(judgement: Judgement, settings: Settings, here: number): Promise<void> {
    const { job, attempt } = flight;
    const step = { jobId: job.id, attemptId: attempt.id, now: deps.clock.now() };
    switch (judgement) {
      case 'wait':
        return;
      case 'whole':
        if (job.status !== 'delivering') await deps.jobs.bringHome(step);
        await deps.jobs.complete({ ...step, now: deps.clock.now() });
        return;
      case 'incomplete': {
        const message = reasonSentence('incomplete', { attempts: attempt.number, here, expected: Math.max(here + 1, attempt.plan.saves.length) });
        await deps.jobs.fail({ ...step, reason: 'incomplete', message });
        return;
      }
      case 'never_started':
      case 'timed_out':
        deps.stopAttempt(attempt);
        await loseAttempt(deps, flight, judgement, `no end within ${judgement === 'timed_out' ? settings.jobTimeoutMs : settings.startBudgetMs} ms`);
        return;
    }
  }

  async function lookOnce(): Promise<void> {
    const { attempt, job } = flight;
    const files = await deps.share.list(folder);
    const now = deps.clock.now();
    const nextPrint = files.map(({ path, bytes, mtimeMs }) => `${path} ${bytes} ${mtimeMs}`).join('\n');
    if (nextPrint !== print) changedAt = now;
    print = nextPrint;

    if (startedAt === null && isAlive({ plan: attempt.plan, files: files.map(({ path }) => ({ path, state: 'growing' })) })) {
      startedAt = now;
      await deps.jobs.start({ jobId: job.id, attemptId: attempt.id, now });
    }
    let allHome = true;
    const seen: SeenFile[] = [];
    for (const file of files) {
      if (attribute(file.path, attempt.plan).kind !== 'output') {
        seen.push({ path: file.path, state: 'whole' });
        continue;
      }
      const found = settled.has(file.path) ? ({ path: file.path, state: 'whole' } as const) : await sight(file, now);
      seen.push(found);
      if (found.state === 'whole') allHome = (await deliver(file)) && allHome;
    }
    const settings = await deps.settings.read();
    const facts = { plan: attempt.plan, sentAt: attempt.sentAt, startedAt, changedAt, files: seen };
    const judgement = judge(facts, { ...settings, quietMs: QUIET_MS, graceMs: GRACE_MS }, deps.clock.now());
    if (judgement !== 'whole' || allHome) await act(judgement, settings, settled.size);
  }

  async function run(): Promise<void> {
    while (state === 'look again') {
      state = 'looking';
      try {
        await lookOnce();
      } catch (error) {
        deps.log.warn({ err: error, job: flight.job.id, attempt: flight.attempt.id }, 'a folder could not be looked at; trying again');
      }
    }
    if (state === 'looking') state = 'idle';
  }

  function look(): void {
    if (state === 'closed') return;
    const idle = state === 'idle';
    state = 'look again';
    if (idle) void looks.add(run);
  }

  const unwatch = await deps.share.watch(folder, look);
  look();
  return {
    update(next) {
      flight = next;
    },
    look,
    async close() {
      state = 'closed';
      await unwatch();
    },
  };
}
