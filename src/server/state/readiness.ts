import { join } from 'node:path';
import { tryWriting } from '#src/adapters/files/disks/disk.ts';
import { bounded } from '#src/adapters/files/share/bounded.ts';
import type { BoundedCalls } from '#src/adapters/files/share/bounded-share.ts';
import { readOne } from '#src/adapters/files/share/mount-check.ts';
import type { Bucket } from '#src/adapters/files/stores/bucket.ts';
import { DISK_FULL } from '#src/domain/health/disk-report.ts';
import { seconds } from '#src/domain/health/finding.ts';
import { fileSize } from '#src/domain/measures.ts';
import type { Config } from '#src/env.ts';
import type { EventLog } from '#src/ports/events.ts';
import type { DiskSpace } from '#src/ports/health.ts';

/** `look` fails where something is wrong; `sentence` says what that means. */
export type Check = { readonly sentence: string; readonly check: () => Promise<unknown> };

const MAX_MS = 2000;

/** Everything without which no work can be done. */
export function checksOf(
  config: Pick<Config, 'sfsDir' | 'dataDir' | 'outputsDir'>,
  events: Pick<EventLog, 'newestId'>,
  boundedCalls: BoundedCalls,
  diskSpace: DiskSpace,
  bucket: Pick<Bucket, 'name' | 'reach'> | null,
): Check[] {
  const outputs = join(config.sfsDir, 'outputs');
  const expectRoom = async () => {
    const full = await diskSpace.full();
    if (full) throw new Error(`${fileSize(full.free)} left at ${full.dir}`);
  };
  return [
    { sentence: 'The database cannot be read.', check: () => events.newestId() },
    {
      sentence: `The shared file system cannot be read at ${outputs}.`,
      check: () => boundedCalls('a look at it', () => readOne(outputs)),
    },
    { sentence: `No files can be written to ${config.dataDir}.`, check: () => tryWriting(config.dataDir) },
    { sentence: `No files can be written to ${config.outputsDir}.`, check: () => tryWriting(config.outputsDir) },
    { sentence: DISK_FULL, check: expectRoom },
    ...(bucket === null
      ? []
      : [
          {
            sentence: `No files can be stored in the bucket "${bucket.name}": finished files wait on the share.`,
            check: () => bucket.reach(),
          },
        ]),
  ];
}

/** Asks what is wrong just now, in sentences; none = ready. The answer comes within `maxMs`, whatever a check does. */
export function createReadiness(checks: readonly Check[], maxMs = MAX_MS): () => Promise<string[]> {
  const faults = checks.map((check) => faultOf(check, maxMs));
  return async () => (await Promise.all(faults.map((fault) => fault()))).filter((fault) => fault !== null);
}

/** A look that has no answer yet is not begun again, only told: on a share that hangs, each one holds a thread. */
function faultOf({ sentence, check }: Check, maxMs: number): () => Promise<string | null> {
  let running: { readonly work: Promise<unknown>; readonly since: number } | null = null;

  function begin() {
    const work = check();
    const ended = () => {
      running = null;
    };
    work.then(ended, ended);
    return { work, since: performance.now() };
  }

  return async () => {
    running ??= begin();
    const { work, since } = running;
    const outcome = await bounded(work, Math.max(0, since + maxMs - performance.now()));
    switch (outcome.type) {
      case 'got':
        return null;
      case 'failed':
        return `${sentence} (${outcome.code})`;
      case 'silent':
        return `${sentence} (no response within ${seconds(maxMs)})`;
    }
  };
}
