import PQueue from 'p-queue';
import type { Bus } from '#src/ports/events.ts';
import type { JobStore } from '#src/ports/jobs.ts';
import { createLoop } from './loop.ts';
import { type FolderDeps, type WatchedFolder, watchFolder } from './watched-folder.ts';

/** Folders that are looked at or delivered from at the same time. */
const AT_ONCE = 8;

/** Watches the folders of the attempts in flight, and of nothing else, and brings home what is whole. */
export function createCollector(deps: FolderDeps & { jobs: JobStore; bus: Bus; pollMs: number }) {
  const folders = new Map<string, WatchedFolder>();
  const looks = new PQueue({ concurrency: AT_ONCE });
  let nextScan = 0;

  /** Brings the set of watched folders in line with the attempts in flight; every `pollMs` all of them are looked at, whatever the hints say. */
  async function tick(): Promise<void> {
    const inFlight = await deps.jobs.inFlight();
    const present = new Set(inFlight.map(({ attempt }) => attempt.id));
    for (const [attemptId, folder] of folders) {
      if (present.has(attemptId)) continue;
      folders.delete(attemptId);
      await folder.close();
    }
    for (const flight of inFlight) {
      const known = folders.get(flight.attempt.id);
      if (known) known.update(flight);
      else folders.set(flight.attempt.id, await watchFolder(deps, looks, flight));
    }
    const now = deps.clock.now();
    if (now < nextScan) return;
    nextScan = now + deps.pollMs;
    for (const folder of folders.values()) folder.look();
  }

  const loop = createLoop('collector', deps.pollMs, tick, deps.log);
  let unlisten: () => void = () => undefined;

  return {
    tick,
    start() {
      unlisten = deps.bus.listen((heard) => {
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
      for (const folder of folders.values()) await folder.close();
      folders.clear();
    },
  };
}
