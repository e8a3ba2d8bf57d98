import PQueue from 'p-queue';
import { oneAtATime } from '#src/domain/one-at-a-time.ts';
import type { Bus } from '#src/ports/events.ts';
import type { Watched } from '#src/ports/jobs.ts';
import { createFolderLogOnce } from '../state/folder-log-once.ts';
import { type FolderDeps, type WatchedFolder, watchFolder } from './folder-watcher.ts';
import { createLoop } from './loop.ts';

/** Folders that are looked at or delivered from at the same time. */
const AT_ONCE = 8;

/** For so long after an attempt has ended, files that turn up in its folder are still delivered. */
const LATE_MS = 10 * 60_000;
/** After this a duplicate that was withdrawn runs nowhere any more. */
const WITHDRAWN_MS = 30_000;
const EVERY_MS = 1000;
const START_TIMES_EVERY_MS = 30_000;

/** Watches the folders of attempts in flight, and for a while of those that have ended, and of nothing else; imports what is whole. */
export function createCollector(given: Omit<FolderDeps, 'folderLogOnce' | 'startTimesOf' | 'inTurn'> & { bus: Bus }) {
  const folders = new Map<string, { folder: WatchedFolder; path: string; jobId: string; role: Watched['role'] }>();
  const checks = new PQueue({ concurrency: AT_ONCE });
  const nextAt = { all: 0, lateScan: 0, startTimes: 0 };
  /** Jobs of which something has been heard since they were last read. */
  const moved = new Set<string>();
  let startTimes: ReadonlyMap<string, readonly number[]> = new Map();
  const deps: FolderDeps = {
    ...given,
    folderLogOnce: createFolderLogOnce(given.log),
    startTimesOf: (endpointId) => startTimes.get(endpointId) ?? [],
    inTurn: oneAtATime(),
  };

  function isTime(what: keyof typeof nextAt, everyMs: number): boolean {
    const now = deps.clock.now();
    // A clock that is set back must not stop the looks.
    if (now < nextAt[what] && nextAt[what] - now <= everyMs) return false;
    nextAt[what] = now + everyMs;
    return true;
  }

  /** Brings the watched folders in line with the attempts: of the jobs that have moved, or (`jobIds` undefined) of all. */
  async function follow(late: boolean, jobIds?: readonly string[]): Promise<void> {
    const time = deps.clock.now();
    const attempts = await deps.jobs.watched({
      since: time - LATE_MS,
      lateSince: time - (late ? LATE_MS : deps.timings.lateEveryMs),
      withdrawnSince: time - WITHDRAWN_MS,
      jobIds,
    });
    const present = new Set(attempts.map(({ attempt }) => attempt.id));
    const read = jobIds && new Set(jobIds);
    for (const [attemptId, { folder, path, role, jobId }] of folders) {
      if (present.has(attemptId) || (role === 'late' && !late) || read?.has(jobId) === false) continue;
      folders.delete(attemptId);
      deps.folderLogOnce.over(path);
      folder
        .close()
        .then(() => (role === 'withdrawn' ? deps.share.removeIfEmpty(path) : undefined))
        .catch((error: unknown) => deps.log.warn({ err: error, attempt: attemptId }, 'could not release a folder'));
    }
    for (const watched of attempts) {
      const { role } = watched;
      const known = folders.get(watched.attempt.id);
      if (known) {
        known.role = role;
        known.folder.update(watched);
      } else {
        const folder = watchFolder(deps, checks, watched);
        folders.set(watched.attempt.id, { role, jobId: watched.job.id, path: watched.attempt.plan.folder, folder });
      }
    }
  }

  /** Now and then all attempts are read; between, only those of jobs that have moved. */
  async function tick(): Promise<void> {
    if (isTime('startTimes', START_TIMES_EVERY_MS)) startTimes = await deps.jobs.startTimes();
    const jobIds = [...moved];
    moved.clear();
    try {
      if (!isTime('all', EVERY_MS)) return jobIds.length > 0 ? await follow(false, jobIds) : undefined;
      const late = isTime('lateScan', deps.timings.lateEveryMs);
      await follow(late);
      if (late) for (const { folder, role } of folders.values()) if (role === 'late') folder.check();
    } catch (error) {
      for (const jobId of jobIds) moved.add(jobId);
      throw error;
    }
  }

  const loop = createLoop('collector', EVERY_MS, tick, deps.log);
  let unlisten: () => void = () => undefined;

  return {
    tick,
    start() {
      unlisten = given.bus.listen((message) => {
        // A job that has just come has no attempt, and of one whose only attempt has completed it, it is enough to know soon.
        if (
          message.type === 'job.moved' &&
          (message.isNew || (message.to === 'completed' && message.attemptCount === 1))
        )
          moved.delete(message.jobId);
        const moves =
          message.type === 'duplicate.sent' || message.type === 'duplicates.withdrawn'
            ? message
            : message.type === 'stored' && message.event.type === 'job.updated'
              ? message.event
              : null;
        if (!moves) return;
        moved.add(moves.jobId);
        loop.nudge();
      });
      loop.start();
    },
    /** Files that are being imported get there; all others wait for the next start. */
    async stop() {
      unlisten();
      await loop.stop();
      checks.clear();
      await checks.onIdle();
      for (const { folder } of folders.values()) await folder.close();
      folders.clear();
    },
  };
}
