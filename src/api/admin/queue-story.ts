import { AppError } from '#src/domain/errors.ts';
import { storyOf } from '#src/domain/jobs/job-story.ts';
import { spansOf } from '#src/domain/jobs/job-timings.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { AuditLog } from '#src/ports/audit-log.ts';
import type { DuplicateStore } from '#src/ports/duplicates.ts';
import type { JobReader } from '#src/ports/jobs.ts';
import type { JobBoard } from '#src/ports/queue.ts';
import type { Clock } from '#src/ports/random.ts';
import type { UserStore } from '#src/ports/users.ts';
import { ownJob } from '#src/services/jobs/own-job.ts';
import { type PresentDeps, presentJobs } from '../present.ts';

/** So many of the acts that name a job are told in its story. */
const MAX_AUDIT_EVENTS = 100;
const MAX_DETAIL_LENGTH = 20_000;

const iso = (time: number): string => new Date(time).toISOString();
const isoOrNull = (time: number | null): string | null => (time === null ? null : iso(time));

const AUDIT_WORDS: Readonly<Record<string, string>> = {
  'admin.queue.prioritise': 'changed its priority',
  'admin.queue.cancel': 'cancelled it',
  'admin.queue.retry': 'ran it again',
  'jobs.cancel': 'cancelled it',
  'jobs.retry': 'ran it again',
  'jobs.vary': 'ran a version of it',
};

export type StoryDeps = PresentDeps & {
  auditLog: Pick<AuditLog, 'list'>;
  clock: Clock;
  duplicates: Pick<DuplicateStore, 'ofJob'>;
  jobBoard: JobBoard;
  jobs: JobReader;
  users: UserStore;
};

/** What became of a job, attempt by attempt, with what operators did to it. */
export async function readStory(deps: StoryDeps, actor: Actor, jobId: string) {
  const job = await ownJob(deps.jobs, actor, jobId);
  const [[view], owner, attempts, duplicates, auditEvents] = await Promise.all([
    presentJobs(deps, [job], 'operator'),
    deps.users.find(job.userId),
    deps.jobBoard.attempts(job.id),
    deps.duplicates.ofJob(job.id, deps.clock.now()),
    deps.auditLog.list({
      from: null,
      to: null,
      subjectId: null,
      actorId: null,
      words: job.id,
      limit: MAX_AUDIT_EVENTS,
      beforeId: null,
    }),
  ]);
  if (!view) throw new AppError('not_found', 'Job not found.');
  const now = deps.clock.now();
  const name = owner?.name ?? '';
  return {
    job: view,
    owner: { id: job.userId, name },
    priority: job.priority,
    now: iso(now),
    spans: spansOf(job, attempts, now),
    /** How often its attempts were sent again while a GPU may have been idle, and what that cost. */
    duplicates,
    attempts: attempts.map((attempt) => ({
      ...attempt,
      sentAt: iso(attempt.sentAt),
      answeredAt: isoOrNull(attempt.answeredAt),
      startedAt: isoOrNull(attempt.startedAt),
      wholeAt: isoOrNull(attempt.wholeAt),
      endedAt: isoOrNull(attempt.endedAt),
      detail: attempt.detail?.slice(0, MAX_DETAIL_LENGTH) ?? null,
    })),
    story: storyOf({
      job,
      owner: name,
      attempts,
      files: view.results.map(({ id, filename, createdAt }) => ({ id, name: filename, at: Date.parse(createdAt) })),
      auditEvents: auditEvents.map(({ at, actor: by, onBehalfOf, type }) => ({
        at,
        what: `${by?.name ?? 'The system'}${onBehalfOf ? ` as ${onBehalfOf.name}` : ''} ${AUDIT_WORDS[type] ?? `did ${type}`}.`,
      })),
    }).map((happened) => ({
      ...happened,
      at: iso(happened.at),
      detail: happened.detail?.slice(0, MAX_DETAIL_LENGTH) ?? null,
    })),
  };
}
