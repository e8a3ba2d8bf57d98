import type { Reason } from '#src/domain/jobs/job.ts';
import { afterLoss, triesThatCount } from '#src/domain/jobs/loss.ts';
import { reasonSentence } from '#src/domain/messages/reasons.ts';
import type { Attempt, AttemptReader, Job, JobMoves } from '#src/ports/jobs.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';
import type { SettingStore } from '#src/ports/settings.ts';

/** An attempt failed: the job goes back into the queue, or ends with this reason. */
export async function loseAttempt(
  deps: { jobs: AttemptReader & JobMoves; settings: SettingStore; clock: Clock; log: Log },
  {
    job,
    attempt,
  }: {
    job: Job;
    attempt: Pick<Attempt, 'id' | 'number' | 'endpointId' | 'sentAt'> & {
      httpStatus: number | null;
      answeredAt: number | null;
    };
  },
  reason: Reason,
  detail: string,
): Promise<void> {
  const now = deps.clock.now();
  const rules = await deps.settings.read();
  const tries = await deps.jobs.tries(job.id);
  const verdict = job.warmUp ? 'give_up' : afterLoss({ reason, tries, now }, rules);
  deps.log.warn(
    {
      job: job.id,
      attempt: attempt.id,
      number: attempt.number,
      endpoint: attempt.endpointId,
      httpStatus: attempt.httpStatus,
      sentAt: new Date(attempt.sentAt).toISOString(),
      answeredAt: attempt.answeredAt && new Date(attempt.answeredAt).toISOString(),
      sinceSentMs: now - attempt.sentAt,
      reason,
      verdict,
      detail,
    },
    'attempt failed',
  );
  if (verdict === 'again') {
    await deps.jobs.giveBack({ jobId: job.id, attemptId: attempt.id, reason, detail, now });
    return;
  }
  const minutes = Math.round(rules.jobTimeoutMs / 60_000);
  const message = reasonSentence(reason, {
    attempts: triesThatCount(reason, tries).length,
    ...(minutes > 0 && { minutes }),
  });
  await deps.jobs.fail({ jobId: job.id, attemptId: attempt.id, reason, message, now });
}
