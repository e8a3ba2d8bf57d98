import type PQueue from 'p-queue';
import type { Watched } from '#src/ports/jobs.ts';
import type { FolderLogOnce } from '../state/folder-log-once.ts';
import { type ObserverDeps, observeAttempt } from './attempt-observer.ts';

export type FolderDeps = ObserverDeps & { folderLogOnce: FolderLogOnce };

export type WatchedFolder = {
  /** An attempt that has ended is looked at only when asked to. */
  update(watched: Watched): void;
  check(): void;
  close(): Promise<void>;
};

/** A file that grows gives a hint with every write; each look reads it again. So the first looks follow each other soon, and later ones less and less. */
const MIN_REST_MS = 5;
const MAX_REST_MS = 40;
/** After which the next look is a first one again. */
const QUIET_MS = 200;

/** One attempt's folder: when it is checked. Checks never overlap. */
export function watchFolder(deps: FolderDeps, checks: PQueue, first: Watched): WatchedFolder {
  let watched = first;
  let checkedAt = Number.NEGATIVE_INFINITY;
  let restMs = MIN_REST_MS;
  let resting: NodeJS.Timeout | null = null;
  let scanning: NodeJS.Timeout | null = null;
  let state: 'idle' | 'looking' | 'look again' | 'closed' = 'idle';
  const folder = first.attempt.plan.folder;
  const observer = observeAttempt(deps, first, check);

  const isClosed = () => state === 'closed';
  const facts = () => ({ job: watched.job.id, attempt: watched.attempt.id });

  async function run(): Promise<void> {
    while (state === 'look again') {
      state = 'looking';
      const now = performance.now();
      restMs = now - checkedAt > QUIET_MS ? MIN_REST_MS : Math.min(MAX_REST_MS, 2 * restMs);
      checkedAt = now;
      try {
        await observer.check(watched);
        deps.folderLogOnce.over(folder);
      } catch (error) {
        if (!isClosed()) deps.folderLogOnce.failed(folder, facts(), error);
      }
    }
    if (state === 'looking') state = 'idle';
  }

  /** At once, unless the last look has only just been. */
  function check(): void {
    if (state === 'closed' || resting) return;
    const rest = checkedAt + restMs - performance.now();
    if (rest > 0) {
      resting = setTimeout(() => {
        resting = null;
        check();
      }, rest);
      return;
    }
    const idle = state === 'idle';
    state = 'look again';
    if (idle) void checks.add(run, { priority: watched.role === 'late' ? 0 : 1 });
  }

  /** Each folder in a time of its own, a little under `pollMs`: looked at all at once, whole files would wait for each other. */
  function scan(): void {
    scanning = setTimeout(
      () => {
        check();
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
      : deps.share.watch(folder, check).catch((error: unknown) => {
          deps.folderLogOnce.noHints(facts(), error);
          return noHints;
        });
  const stopHints = async (): Promise<void> => {
    const stop = hints;
    hints = Promise.resolve(noHints);
    await (await stop)();
  };
  check();
  if (first.role !== 'late') scan();
  return {
    update(next) {
      const isOther = next.role !== watched.role;
      watched = next;
      if (isOther) check();
      if (next.role !== 'late') return scanning === null ? scan() : undefined;
      stopScanning();
      observer.close();
      void stopHints();
    },
    check,
    async close() {
      state = 'closed';
      if (resting) clearTimeout(resting);
      stopScanning();
      observer.close();
      await Promise.all([stopHints(), observer.settled()]);
    },
  };
}
