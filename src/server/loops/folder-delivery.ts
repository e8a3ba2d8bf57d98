import PQueue from 'p-queue';
import { AppError } from '#src/domain/errors.ts';
import { deliveryErrorLevel } from '#src/domain/files/delivery-trouble.ts';
import type { SeenFile } from '#src/domain/jobs/attempt.ts';
import { attribute, isMarker } from '#src/domain/workflow/attribution.ts';
import type { Watched } from '#src/ports/jobs.ts';
import type { Log } from '#src/ports/log.ts';
import type { FoundFile, Share } from '#src/ports/share.ts';
import { deliverFile } from '#src/services/results/deliver-file.ts';
import { createSightings } from './file-states.ts';

/** Of one folder, which keeps no other one waiting: most of it is waiting for the disk. */
const IMPORTS_AT_ONCE = 8;

type Deps = Parameters<typeof deliverFile>[0] & {
  share: Pick<Share, 'examine' | 'list'>;
  /** One after the other for each key. */
  inTurn<T>(key: string, task: () => Promise<T>): Promise<T>;
  timings: { quietMs: number };
  log: Log;
};

/** Of a file that is not home: what stands in the way. */
export type Delivery = 'home' | 'not yet' | 'storage_full' | 'storage_unavailable';

const WORST_FIRST: readonly Delivery[] = ['storage_full', 'storage_unavailable', 'not yet'];

export const toPrint = ({ path, bytes, mtimeMs }: FoundFile): string => `${path} ${bytes} ${mtimeMs}`;

/** What stands in the way of all of these. */
export const worst = (deliveries: Iterable<Delivery>): Delivery => {
  const all = new Set(deliveries);
  return WORST_FIRST.find((one) => all.has(one)) ?? 'home';
};

/** A file that is imported, and recorded once it is released. */
export type Recording = { readonly resultId: string; release(): void; readonly done: Promise<Delivery> };

/** Imports what is in an attempt's folder: what is whole by itself, the rest when asked to. Each file once. */
export function createFolderDelivery(deps: Deps, folder: string) {
  const settled = new Set<string>();
  const foreign = new Set<string>();
  let recordedAt = 0;
  const logOnce = new Map<string, { code: string; times: number }>();
  const sightings = createSightings(deps.share, folder, deps.timings.quietMs);

  async function deliver(
    watched: Watched,
    file: FoundFile,
    unfinished: boolean,
    beforeRecord?: (resultId: string) => Promise<number>,
  ): Promise<Delivery> {
    const owner = attribute(file.path, watched.attempt.plan);
    if (owner.kind !== 'output' || watched.job.warmUp || settled.has(file.path)) return 'home';
    try {
      // Two attempts of a job may bring the same file.
      await deps.inTurn(`${watched.job.id} ${owner.nodeId} ${owner.name}`, () =>
        deliverFile(deps, watched, file, { ...owner, unfinished }, beforeRecord),
      );
      settled.add(file.path);
      return 'home';
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'internal') throw error;
      const about = { job: watched.job.id, attempt: watched.attempt.id, path: file.path, code: error.code };
      if (error.code === 'foreign_file') {
        foreign.add(file.path);
        deps.log.warn(about, 'file carries another job’s ID, not delivered');
        return 'home';
      }
      sightings.forget(file.path);
      const before = logOnce.get(file.path);
      const times = before?.code === error.code ? before.times + 1 : 1;
      logOnce.set(file.path, { code: error.code, times });
      const level = deliveryErrorLevel(error.code, times);
      if (level !== null) deps.log[level]({ ...about, err: error }, 'could not deliver a file yet, retrying');
      const { code } = error;
      return code === 'storage_full' || code === 'storage_unavailable' ? code : 'not yet';
    }
  }

  const imported = (watched: Watched, file: FoundFile, before: () => Promise<number>): Promise<Recording | Delivery> =>
    new Promise((resolve, reject) => {
      const done = deliver(watched, file, false, async (resultId) => {
        const at = await before();
        await new Promise<void>((release) => resolve({ resultId, release, done }));
        return at;
      });
      done.then(resolve, reject);
    });

  /** Several at a time, and recorded in the order in which they come, with times that rise: those of one moment share a commit. */
  function importer(watched: Watched) {
    const imports = new PQueue({ concurrency: IMPORTS_AT_ONCE });
    let before: Promise<void> = Promise.resolve();
    return async (file: FoundFile, isLast: boolean): Promise<Recording | Delivery> => {
      const turn = before;
      let next: () => void = () => undefined;
      before = new Promise((resolve) => (next = resolve));
      const inOrder = async (): Promise<number> => {
        await turn;
        next();
        recordedAt = Math.max(recordedAt + 1, deps.clock.now());
        return recordedAt;
      };
      try {
        return await imports.add(() =>
          isLast ? imported(watched, file, inOrder) : deliver(watched, file, false, inOrder),
        );
      } finally {
        void turn.then(next);
      }
    };
  }

  /** Files that are whole are delivered before anything is decided, so that a failed job keeps what it has; of the last one the record is left to be released. */
  async function deliverAll(watched: Watched, files: readonly FoundFile[], now: number) {
    const isOutput = ({ path }: FoundFile): boolean => attribute(path, watched.attempt.plan).kind === 'output';
    const lastFile = files.findLast((file) => isOutput(file) && !settled.has(file.path));
    const sights: SeenFile[] = [];
    const importing: Promise<Recording | Delivery>[] = [];
    const importNext = importer(watched);
    try {
      for (const file of files) {
        if (foreign.has(file.path)) continue;
        const isNew = isOutput(file) && !settled.has(file.path);
        const sight: SeenFile = isNew ? await sightings.see(file, now) : { path: file.path, state: 'whole' };
        if (isNew && sight.state === 'whole') importing.push(importNext(file, file === lastFile));
        sights.push(sight);
      }
    } finally {
      await Promise.allSettled(importing);
    }
    const outcomes = await Promise.allSettled(importing);
    const imports = outcomes.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    const last = imports.find((one) => typeof one !== 'string') ?? null;
    const failed = outcomes.find((one) => one.status === 'rejected');
    if (failed) {
      last?.release();
      throw failed.reason;
    }
    return {
      seen: sights.filter(({ path }) => !foreign.has(path)),
      delivery: worst(imports.filter((one) => typeof one === 'string')),
      last,
    };
  }

  /** What has come while a file was imported, if it is nothing but markers: they may tell that this was the last one. */
  async function newMarkers(files: readonly FoundFile[]): Promise<SeenFile[]> {
    const known = new Set(files.map(toPrint));
    const { files: present } = await deps.share.list(folder);
    const fresh = present.filter((file) => !known.has(toPrint(file)));
    const isSame = present.length === files.length + fresh.length && fresh.every(({ path }) => isMarker(path));
    return isSame ? fresh.map(({ path }) => ({ path, state: 'whole' })) : [];
  }

  return { deliver, deliverAll, newMarkers };
}

export type FolderDelivery = ReturnType<typeof createFolderDelivery>;
