import type { ResultKind } from '#src/domain/file-facts.ts';
import type { JobStatus } from '#src/domain/jobs/job.ts';
import { counted } from '#src/domain/measures.ts';

/** A job that has ended, not cancelled by its owner. */
export type EndedJob = {
  readonly id: string;
  readonly title: string;
  readonly status: JobStatus;
  readonly results: readonly { readonly id: string; readonly kind: ResultKind }[];
};

/** Jobs that were active before and have completed or failed since, oldest first. */
export const endedSince = <E extends EndedJob>(wasAlive: ReadonlySet<string>, recent: readonly E[]): E[] =>
  recent.filter(({ id, status }) => wasAlive.has(id) && (status === 'completed' || status === 'failed')).reverse();

export type NotificationText = {
  readonly title: string;
  readonly body: string;
  /** The result to open: the newest one. */
  readonly resultId: string | null;
  readonly isFailure: boolean;
};

/** One message for all that have ended together. */
export function notificationFor(ended: readonly EndedJob[]): NotificationText {
  const done = ended.filter(({ status }) => status === 'completed');
  const failed = ended.filter(({ status }) => status !== 'completed');
  const files = done.reduce((sum, { results }) => sum + results.length, 0);
  const names = ended.map(({ title }) => title || 'Untitled');
  const arrived = files > 0 ? counted(files, 'new result') : null;
  const said = [
    done.length > 0 && `${counted(done.length, 'job')} done`,
    failed.length > 0 && `${failed.length} failed`,
  ].filter((part) => part !== false);
  const [only] = ended.length === 1 ? ended : [];
  return {
    title: only ? `${only.status === 'completed' ? 'Done' : 'Failed'}: ${names[0]}` : said.join(', '),
    body: [only ? null : [...new Set(names)].slice(0, 3).join(', '), arrived].filter(Boolean).join(' · '),
    resultId: done.at(-1)?.results.at(-1)?.id ?? null,
    isFailure: done.length === 0,
  };
}
