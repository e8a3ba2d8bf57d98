import { causeOf, failureAsNodeErrors } from '#src/domain/jobs/failure.ts';
import type { RunFailure } from '#src/domain/jobs/run-report.ts';
import { reasonSentence } from '#src/domain/messages/reasons.ts';
import { nothingWrittenSentence } from '#src/domain/messages/run-end-words.ts';
import { withoutComfyKeys } from '#src/domain/workflow/extra-data.ts';
import { parseGraphJson } from '#src/domain/workflow/graph-json.ts';
import { parseGraph } from '#src/domain/workflow/parse-graph.ts';
import type { JobMoves, JobReader, Watched } from '#src/ports/jobs.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';
import { type ExtraDataDeps, extraDataOf } from './extra-data-of.ts';

type Deps = ExtraDataDeps & { jobs: Pick<JobReader, 'graph'> & Pick<JobMoves, 'fail'>; clock: Clock; log: Log };
type Run = Pick<Watched, 'job' | 'attempt'>;

/** A node may name what it was told in its error. */
async function withoutKeys(deps: Deps, jobId: string, failure: RunFailure): Promise<RunFailure> {
  const { data } = await extraDataOf(deps, jobId);
  const said = (words: string): string => withoutComfyKeys(words, data);
  return { ...failure, message: said(failure.message), traceback: failure.traceback.map(said) };
}

/** The nodes that we added are none of the participant's. */
async function isOwnNode({ jobs }: Deps, jobId: string, nodeId: string): Promise<boolean> {
  const graph = await jobs.graph(jobId);
  return graph !== null && Object.hasOwn(parseGraph(parseGraphJson(graph.prompt)), nodeId);
}

/** A node raised: the job ends with its words. The same graph would fail again, so it is not sent again. */
export async function failWithError(deps: Deps, { job, attempt }: Run, said: RunFailure): Promise<void> {
  const failure = await withoutKeys(deps, job.id, said);
  deps.log.info({ job: job.id, attempt: attempt.id, endpoint: attempt.endpointId, failure }, 'node failed');
  await deps.jobs.fail({
    jobId: job.id,
    attemptId: attempt.id,
    reason: 'execution_error',
    message: reasonSentence('execution_error', {
      attempts: attempt.number,
      node: failure.nodeType,
      cause: causeOf(failure),
    }),
    nodeErrors: (await isOwnNode(deps, job.id, failure.nodeId)) ? failureAsNodeErrors(failure) : null,
    detail: [`${failure.exceptionType}: ${failure.message}`, ...failure.traceback].join('\n'),
    now: deps.clock.now(),
  });
}

/** The run ended well and wrote nothing: that is what this graph does, so it is not sent again, and it says nothing against the endpoint. */
export async function failEmpty(
  deps: Deps,
  { job, attempt }: Run,
  silent: readonly { nodeId: string; classType: string }[],
): Promise<void> {
  const message = nothingWrittenSentence(silent);
  deps.log.info({ job: job.id, attempt: attempt.id, endpoint: attempt.endpointId, silent }, 'run produced no files');
  await deps.jobs.fail({ jobId: job.id, attemptId: attempt.id, reason: 'incomplete', message, now: deps.clock.now() });
}
