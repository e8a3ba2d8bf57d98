import type { DuplicateOrder } from '#src/domain/endpoints/balancing.ts';
import { busyPauseMs } from '#src/domain/endpoints/http-answer.ts';
import { parseGraphJson } from '#src/domain/workflow/graph-json.ts';
import { parseGraph } from '#src/domain/workflow/parse-graph.ts';
import { withoutRefused } from '#src/domain/workflow/rewrite.ts';
import type { DuplicateStore } from '#src/ports/duplicates.ts';
import type { Breakers, Endpoint } from '#src/ports/endpoints.ts';
import type { JobMoves, JobReader } from '#src/ports/jobs.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';
import type { Share } from '#src/ports/share.ts';
import type { Worker } from '#src/ports/worker.ts';
import { type PromptDeps, preparePrompt } from './prepare-prompt.ts';
import { makeFolders } from './send-job.ts';

type Deps = PromptDeps & {
  jobs: JobReader & Pick<JobMoves, 'answered'>;
  duplicates: DuplicateStore;
  worker: Worker;
  share: Pick<Share, 'makeFolder' | 'removeIfEmpty'>;
  breakers: Pick<Breakers, 'busy'>;
  whileSending<T>(id: string, send: (signal: AbortSignal) => Promise<T>): Promise<T>;
  clock: Clock;
  log: Log;
};

/** Larger graphs are sent once: reading and sending them again costs everybody more than an idle replica does. */
const MAX_GRAPH_CHARACTERS = 500_000;

/** Sends an attempt once more, in a folder of its own. `false` = it is better not sent again: it is large, its key is gone, or a replica would not have it. */
export async function sendDuplicate(deps: Deps, endpoint: Endpoint, order: DuplicateOrder): Promise<boolean> {
  const { jobId, attemptId } = order.flight;
  const [job, stored] = await Promise.all([deps.jobs.find(jobId), deps.jobs.graph(jobId)]);
  if (!job || !stored) return true;
  if (stored.prompt.length + (stored.workflow?.length ?? 0) > MAX_GRAPH_CHARACTERS) return false;
  const now = deps.clock.now();
  const choice = { jobId, userId: job.userId, endpointId: endpoint.id };
  const graph = parseGraph(parseGraphJson(stored.prompt));
  const prepared = await preparePrompt(deps, choice, { ...stored, graph }, now);
  if (!prepared) return false;
  const { plan, folders, prompt } = prepared;
  const id = prompt.promptId;
  const { replaces } = order;
  if (!(await deps.duplicates.add({ id, jobId, attemptId, endpointId: endpoint.id, plan, replaces, now }))) return true;
  await makeFolders(deps, folders);
  const answer = await deps.whileSending(id, (signal) => deps.worker.fire(endpoint, prompt, signal));
  const answeredAt = deps.clock.now();
  const about = { job: jobId, attempt: attemptId, duplicate: id, endpoint: endpoint.name };
  const refuse = async (words: string): Promise<false> => {
    const httpStatus = answer.httpStatus;
    deps.log.info({ ...about, answer: answer.type, httpStatus, message: words }, 'duplicate not taken');
    await deps.duplicates.withdraw(id, answeredAt);
    return false;
  };
  switch (answer.type) {
    case 'accepted':
    case 'unknown': {
      const errors = answer.type === 'accepted' ? Object.values(answer.nodeErrors) : [];
      const left = withoutRefused(plan, new Set(errors.flatMap((error) => error.dependent_outputs)));
      // Our start marker alone made the worker accept it.
      if (left.saves.length === 0 && plan.saves.length > 0) return refuse('None of its outputs can run there.');
      const { httpStatus, type } = answer;
      const answered = { jobId, attemptId: id, answer: type, httpStatus, plan: left, nodeErrors: null };
      await deps.jobs.answered({ ...answered, now: answeredAt });
      return true;
    }
    case 'busy':
      deps.breakers.busy(endpoint.id, answeredAt + busyPauseMs(answer.retryAfter, answeredAt));
      return refuse(answer.message);
    case 'refused':
    case 'unreachable':
      return refuse(answer.message);
  }
}
