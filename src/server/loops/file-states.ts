import type { SeenFile } from '#src/domain/jobs/attempt.ts';
import type { FoundFile, Share } from '#src/ports/share.ts';

/** A growing file whose size and time stand still may still have got new bytes: a share caches attributes. */
const EXAMINE_AGAIN_MS = 2000;

type Sight = {
  bytes: number;
  mtimeMs: number;
  since: number;
  examinedAt: number;
  state: SeenFile['state'] | 'unproven';
};

/** What is known of the files in one folder. A file is examined when it has changed; where its format proves nothing, it is whole after `quietMs` without a change. */
export function createSightings(share: Pick<Share, 'examine'>, folder: string, quietMs: number) {
  const sights = new Map<string, Sight>();
  return {
    async see(file: FoundFile, now: number): Promise<SeenFile> {
      const before = sights.get(file.path);
      const unchanged = before !== undefined && before.bytes === file.bytes && before.mtimeMs === file.mtimeMs;
      let sight = before;
      if (!unchanged || (before.state !== 'whole' && Math.abs(now - before.examinedAt) >= EXAMINE_AGAIN_MS)) {
        const { state } = await share.examine(folder, file.path);
        sight = {
          bytes: file.bytes,
          mtimeMs: file.mtimeMs,
          since: unchanged ? Math.min(before.since, now) : now,
          examinedAt: now,
          state,
        };
        sights.set(file.path, sight);
      }
      if (!sight) return { path: file.path, state: 'growing' };
      const { state, since } = sight;
      return { path: file.path, state: state === 'unproven' && now - since >= quietMs ? 'whole' : state };
    },
    forget: (path: string): void => void sights.delete(path),
  };
}
