import { AppError } from '#src/domain/errors.ts';
import { assertAllowed } from '#src/domain/fields/limits.ts';
import { type Change, withChanges } from '#src/domain/fields/with-changes.ts';
import { withWidgets } from '#src/domain/fields/with-widgets.ts';
import type { Actor } from '#src/domain/users/user.ts';
import { parseGraphJson } from '#src/domain/workflow/graph-json.ts';
import { parseGraph } from '#src/domain/workflow/parse-graph.ts';
import { SEED_LIMIT, withNewSeeds } from '#src/domain/workflow/seeds.ts';
import type { WorkflowStore } from '#src/ports/classes.ts';
import type { Job } from '#src/ports/jobs.ts';
import { type SubmitDeps, submitJob } from '../jobs/submit-job.ts';

type Deps = SubmitDeps & { workflows: Pick<WorkflowStore, 'find'> };
type Input = {
  id: string;
  changes: readonly Change[];
  title?: string | undefined;
  clientRequestId?: string | undefined;
};

/** A job of a class workflow with these changes, within the limits that the teacher has set. Seeds that are not among them are drawn. */
export async function runWorkflow(deps: Deps, actor: Actor, input: Input): Promise<Job> {
  const { id, changes, clientRequestId } = input;
  // What was taken once is not refused when it is asked for again, though the workflow may be gone by now.
  const earlier = clientRequestId === undefined ? null : await deps.jobs.ofRequest(actor.userId, clientRequestId);
  if (earlier) return earlier;
  const found = await deps.workflows.find(id);
  if (!found?.offered)
    throw new AppError('not_found', 'This workflow is not offered any more. Choose another one, or ask your teacher.');
  if (found.prompt === null)
    throw new AppError('conflict', `“${found.name}” can only be run in ComfyUI: its API format was not added.`);
  const graph = parseGraph(parseGraphJson(found.prompt));
  assertAllowed(graph, found.preset, changes);
  const seeded = withNewSeeds(graph, () => deps.random.below(SEED_LIMIT));
  const prompt = withChanges(seeded, changes);
  // The editor's workflow goes along where it can tell the same.
  const workflow = withWidgets(parseGraphJson(found.workflow), graph, prompt) ?? undefined;
  return (await submitJob(deps, actor, { prompt, workflow, title: input.title ?? found.name, clientRequestId })).job;
}
