import { busyPauseMs } from '#src/domain/endpoints/http-answer.ts';
import type { NodeErrors } from '#src/domain/errors.ts';
import { withoutRefused } from '#src/domain/workflow/rewrite.ts';
import type { Breakers, Endpoint } from '#src/ports/endpoints.ts';
import type { AttemptReader, JobMoves } from '#src/ports/jobs.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import type { Share } from '#src/ports/share.ts';
import type { StopAttempt, Worker } from '#src/ports/worker.ts';
import type { Claim } from './claim-job.ts';
import { loseAttempt } from './lose-attempt.ts';
import { firstSentence, ownErrors } from './own-errors.ts';

type Deps = {
  jobs: AttemptReader & JobMoves;
  settings: SettingStore;
  worker: Worker;
  share: Pick<Share, 'makeFolder' | 'removeIfEmpty'>;
  breakers: Pick<Breakers, 'busy' | 'accepted' | 'failed'>;
  stopAttempt: StopAttempt;
  clock: Clock;
  log: Log;
};

const MAX_FOLDERS = 20;

/** Not every node makes the folder that it writes into. Where we cannot, it may. */
export async function makeFolders(
  { share, log }: Pick<Deps, 'share' | 'log'>,
  folders: readonly string[],
): Promise<void> {
  for (const folder of folders.slice(0, MAX_FOLDERS))
    await share.makeFolder(folder).catch((err: unknown) => log.debug({ err, folder }, 'could not create a folder'));
}

/** Fires a claimed job once and logs what the worker's HTTP said. */
export async function sendJob(deps: Deps, endpoint: Endpoint, claim: Claim, signal: AbortSignal): Promise<void> {
  const { job, plan } = claim;
  const attemptId = claim.prompt.promptId;
  await makeFolders(deps, claim.folders);
  const answer = await deps.worker.fire(endpoint, claim.prompt, signal);
  const now = deps.clock.now();
  const attempt = {
    id: attemptId,
    endpointId: endpoint.id,
    number: job.attemptCount,
    sentAt: claim.sentAt,
    answeredAt: now,
  };
  const about = { job: job.id, attempt: attemptId, endpoint: endpoint.name };
  const reject = async (httpStatus: number, errors: NodeErrors, words: string) => {
    const sentence = firstSentence(errors) || words;
    deps.log.info({ ...about, httpStatus, message: sentence }, 'rejected by the worker');
    const message = `ComfyUI could not use this workflow. ${sentence}`;
    await deps.jobs.fail({
      jobId: job.id,
      attemptId,
      reason: 'rejected_by_worker',
      message,
      nodeErrors: errors,
      httpStatus,
      now,
    });
  };

  const unclear = (httpStatus: number | null) =>
    deps.jobs.answered({ jobId: job.id, attemptId, answer: 'unknown', httpStatus, plan, nodeErrors: null, now });

  switch (answer.type) {
    case 'refused': {
      await reject(answer.httpStatus, ownErrors(answer.nodeErrors, claim), answer.message);
      break;
    }
    case 'accepted': {
      deps.breakers.accepted(endpoint.id);
      const refused = new Set(Object.values(answer.nodeErrors).flatMap((error) => error.dependent_outputs));
      const left = withoutRefused(plan, refused);
      const errors = ownErrors(answer.nodeErrors, claim);
      if (left.saves.length === 0 && plan.saves.length > 0) {
        // Our start marker alone made the worker accept it: nothing of the participant's would be saved.
        deps.stopAttempt(attempt);
        await reject(answer.httpStatus, errors, 'None of its outputs can run.');
        break;
      }
      const nodeErrors = Object.keys(errors).length > 0 ? errors : null;
      await deps.jobs.answered({
        jobId: job.id,
        attemptId,
        answer: 'accepted',
        httpStatus: answer.httpStatus,
        plan: left,
        nodeErrors,
        now,
      });
      break;
    }
    case 'busy': {
      const { httpStatus, retryAfter, message } = answer;
      const until = now + busyPauseMs(retryAfter, now);
      // Before the job is back in the queue, or it would be sent there again at once.
      deps.breakers.busy(endpoint.id, until);
      deps.log.info(
        { ...about, httpStatus, retryAfter, until: new Date(until).toISOString(), message },
        'endpoint busy, job requeued',
      );
      // One that has shown life was taken after all.
      if (await deps.jobs.undoDispatch({ jobId: job.id, attemptId, now }))
        await deps.share
          .removeIfEmpty(plan.folder)
          .catch((err: unknown) => deps.log.debug({ ...about, err }, 'could not remove an empty folder'));
      else await unclear(httpStatus);
      break;
    }
    case 'unknown': {
      const { httpStatus, message } = answer;
      // Who gave the request up wants no answer.
      if (!signal.aborted) deps.log.warn({ ...about, httpStatus, message }, 'unclear response; watching for activity');
      await unclear(httpStatus);
      break;
    }
    case 'unreachable': {
      await deps.breakers.failed(endpoint.id, 'unreachable', attemptId);
      await loseAttempt(
        deps,
        { job, attempt: { ...attempt, httpStatus: answer.httpStatus } },
        'endpoint_unreachable',
        answer.message,
      );
      break;
    }
  }
}
