import type { JobStatus } from '#src/domain/jobs/job.ts';
import { isFinal } from '#src/domain/jobs/job.ts';

type Job = {
  readonly id: string;
  readonly status: JobStatus;
  readonly createdAt: string;
  readonly endedAt: string | null;
};

type Seen<J> = {
  readonly alive: readonly J[];
  readonly recent: readonly J[];
  /** Jobs that were active while this page was open: their end is shown. */
  readonly seenAlive: ReadonlySet<string>;
  /** The result of `stayingJob`. */
  readonly staying: string | null;
  /** Dismissed, or faded out. */
  readonly away: ReadonlySet<string>;
  readonly now: number;
};

const STAY_MS = 12 * 3_600_000;

type Done = Job & { readonly previews: readonly unknown[]; readonly warnings: readonly unknown[] };

/** The newest completed job, if it has previews or warnings: its row stays until it is dismissed or another job completes. */
export function stayingJob(recent: readonly Done[]): string | null {
  const newest = recent
    .filter(({ status }) => status === 'completed')
    .reduce<Done | null>((last, job) => ((last?.endedAt ?? '') > (job.endedAt ?? '') ? last : job), null);
  return newest && newest.previews.length + newest.warnings.length > 0 ? newest.id : null;
}

/** The jobs under "Now": those that are active, that have just ended, or that failed and were not dismissed. */
export function nowJobs<J extends Job>({ alive, recent, seenAlive, staying, away, now }: Seen<J>): J[] {
  const known = new Map<string, J>();
  for (const job of [...recent, ...alive]) {
    // The two lists are read at about the same time: an end is always the newer news.
    const before = known.get(job.id);
    if (!before || !isFinal(before.status)) known.set(job.id, job);
  }
  const belongs = (job: J): boolean => {
    if (!isFinal(job.status)) return true;
    if (away.has(job.id)) return false;
    if (seenAlive.has(job.id)) return true;
    return (job.status === 'failed' || job.id === staying) && now - Date.parse(job.endedAt ?? job.createdAt) < STAY_MS;
  };
  return [...known.values()].filter(belongs);
}
