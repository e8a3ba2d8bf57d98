import { AppError } from '#src/domain/errors.ts';
import { isFinal } from '#src/domain/jobs/job.ts';
import type { Actor } from '#src/domain/users/user.ts';
import { parseGraphJson } from '#src/domain/workflow/graph-json.ts';
import { parseGraph } from '#src/domain/workflow/parse-graph.ts';
import { SEED_LIMIT, withNewSeeds } from '#src/domain/workflow/rewrite.ts';
import type { Job } from '#src/ports/jobs.ts';
import { ownJob } from './own-job.ts';
import { type SubmitDeps, submitJob } from './submit-job.ts';

/** A new job with the graph of one that has ended. It is its owner's again, also when an operator asks. */
export async function retryJob(deps: SubmitDeps, actor: Actor, input: { id: string; newSeed: boolean }): Promise<Job> {
  const job = await ownJob(deps.jobs, actor, input.id);
  if (!isFinal(job.status)) throw new AppError('conflict', 'This job has not ended yet.');
  const stored = await deps.jobs.graph(job.id);
  if (!stored) throw new AppError('not_found', 'Job not found.');
  const graph = parseGraph(parseGraphJson(stored.prompt));
  const prompt = input.newSeed ? withNewSeeds(graph, () => deps.random.below(SEED_LIMIT)) : graph;
  const workflow: unknown = stored.workflow === null ? undefined : parseGraphJson(stored.workflow);
  return (await submitJob(deps, { ...actor, userId: job.userId }, { prompt, workflow, title: job.title })).job;
}
