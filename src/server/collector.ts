import PQueue from 'p-queue';
import { oneAtATime } from '#src/domain/one-at-a-time.ts';
import type { Bus } from '#src/ports/events.ts';
import { createLoop } from './loop.ts';
import { type FolderDeps, type WatchedFolder, watchFolder } from './watched-folder.ts';

/** Folders that are looked at or delivered from at the same time. */
const AT_ONCE = 8;

/** For so long after an attempt has ended, files that turn up in its folder are still delivered. */
const LATE_MS = 10 * 60_000;
const START_TIMES_EVERY_MS = 30_000;

/** Watches the folders of attempts in flight, and for a while of those that have ended, and of nothing else; brings home what is whole. */
export function createCollector(given: Omit<FolderDeps, 'startTimesOf' | 'inLine'> & { bus: Bus; pollMs: number }) {
  const folders = new Map<string, { folder: WatchedFolder; isLate: boolean }>();
  const looks = new PQueue({ concurrency: AT_ONCE });
  const nextAt = { scan: 0, lateScan: 0, startTimes: 0 };
  let startTimes: ReadonlyMap<string, readonly number[]> = new Map();
  const deps: FolderDeps = {
    ...given,
    startTimesOf: (endpointId) => startTimes.get(endpointId) ?? [],
    inLine: oneAtATime(),
  };

  function isTime(what: keyof typeof nextAt, everyMs: number): boolean {
    const now = deps.clock.now();
    // A clock that is set back must not stop the looks.
    if (now < nextAt[what] && nextAt[what] - now <= everyMs) return false;
    nextAt[what] = now + everyMs;
    return true;
  }

  /** Brings the set of watched folders in line with the attempts; every `pollMs` those in flight are looked at, whatever the hints say. */
  async function tick(): Promise<void> {
    if (isTime('startTimes', START_TIMES_EVERY_MS)) startTimes = await deps.jobs.startTimes();
    const late = isTime('lateScan', deps.pace.lateEveryMs);
    const time = deps.clock.now();
    const attempts = await deps.jobs.watched(time - LATE_MS, time - (late ? LATE_MS : deps.pace.lateEveryMs));
    const present = new Set(attempts.map(({ attempt }) => attempt.id));
    for (const [attemptId, { folder, isLate }] of folders) {
      if (present.has(attemptId) || (isLate && !late)) continue;
      folders.delete(attemptId);
      folder
        .close()
        .catch((error: unknown) => deps.log.warn({ err: error, attempt: attemptId }, 'a folder could not be let go'));
    }
    for (const watched of attempts) {
      const isLate = watched.role === 'late';
      const known = folders.get(watched.attempt.id);
      if (known) {
        known.isLate = isLate;
        known.folder.update(watched);
      } else folders.set(watched.attempt.id, { isLate, folder: watchFolder(deps, looks, watched) });
    }
    const now = isTime('scan', given.pollMs);
    for (const { folder, isLate } of folders.values()) if (isLate ? late : now) folder.look();
  }

  const loop = createLoop('collector', given.pollMs, tick, deps.log);
  let unlisten: () => void = () => undefined;

  return {
    tick,
    start() {
      unlisten = given.bus.listen((heard) => {
        if (heard.type === 'stored' && heard.event.type === 'job.updated') loop.nudge();
      });
      loop.start();
    },
    /** Files that are being brought home get there; all others wait for the next start. */
    async stop() {
      unlisten();
      await loop.stop();
      looks.clear();
      await looks.onIdle();
      for (const { folder } of folders.values()) await folder.close();
      folders.clear();
    },
  };
}
