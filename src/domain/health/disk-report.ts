import { fileSize } from '../measures.ts';
import { type CheckOutcome, type Finding, fault, fine, warn } from './finding.ts';

/** A folder of ours. `free` null = it does not tell; `refused` = why nothing can be written there. */
export type DiskFacts = { readonly free: number | null; readonly isThere: boolean; readonly refused: string | null };

/** With less than this in any folder of ours no job is accepted, and we are not ready. */
export const MIN_FREE_BYTES = 200_000_000;
/** What is said in both cases. */
export const DISK_FULL = 'The server’s disk is full, so no jobs are accepted.';

const isTooFull = (free: number | null): free is number => free !== null && free < MIN_FREE_BYTES;

/** The first folder that has too little room for more work; null = all have enough. */
export function fullFolder(
  folders: readonly { readonly dir: string; readonly free: number | null }[],
): { readonly dir: string; readonly free: number } | null {
  for (const { dir, free } of folders) if (isTooFull(free)) return { dir, free };
  return null;
}

const COMFORTABLE_FREE_BYTES = 5_000_000_000;

export function room(what: string, dir: string, free: number | null): Finding {
  if (free === null) return fine(what, `${dir} does not report its free space.`);
  const left = `${fileSize(free)} free at ${dir}`;
  if (isTooFull(free)) return fault(what, `Only ${left}.`, 'Free up disk space: nothing more can be stored there.');
  if (free < COMFORTABLE_FREE_BYTES)
    return warn(
      what,
      `Only ${left}: a class that renders films fills that quickly.`,
      'Free up disk space before class.',
    );
  return fine(what, `${left}.`);
}

/** What is to be said of a folder of ours, which `variable` names. */
export function diskReport(what: string, dir: string, variable: string, outcome: CheckOutcome<DiskFacts>): Finding {
  const another = `Set ${variable} to a folder that can be written to.`;
  switch (outcome.type) {
    case 'silent':
      return fault(what, `${dir} did not respond in time.`, `Check the disk or set ${variable} to another folder.`);
    case 'failed':
      return fault(what, `${dir} cannot be used (${outcome.code}).`, another);
    case 'got': {
      const { free, isThere, refused } = outcome.value;
      if (refused === null) return room(what, dir, free);
      return fault(what, `${dir} cannot be ${isThere ? 'written to' : 'made'} (${refused}).`, another);
    }
  }
}
