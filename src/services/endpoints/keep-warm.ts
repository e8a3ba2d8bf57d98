import { AppError } from '#src/domain/errors.ts';
import { fileInputs, filesMissing } from '#src/domain/files/inputs.ts';
import { parseGraphJson } from '#src/domain/workflow/graph-json.ts';
import { savesOf } from '#src/domain/workflow/outputs/outputs.ts';
import { parseGraph } from '#src/domain/workflow/parse-graph.ts';
import type { WorkflowStore } from '#src/ports/classes.ts';
import type { EndpointStore } from '#src/ports/endpoints.ts';
import type { InputShare, InputStore } from '#src/ports/inputs.ts';
import type { Clock } from '#src/ports/random.ts';
import type { UserStore } from '#src/ports/users.ts';
import { missingFiles } from '../inputs/missing-files.ts';
import { warmUpOwner } from './warm-up.ts';

const MAX_MS = 24 * 3_600_000;

type Deps = {
  endpoints: EndpointStore;
  workflows: WorkflowStore;
  users: UserStore;
  inputs: InputStore;
  inputShare: InputShare;
  clock: Clock;
};

/** From now on, until then, an endpoint is sent this workflow whenever it would go cold. */
export async function keepWarm(
  deps: Deps,
  { id, until, workflowId }: { id: string; until: number; workflowId: string },
): Promise<void> {
  const now = deps.clock.now();
  if (until <= now) throw new AppError('invalid_input', 'This time is in the past. Choose a later one.');
  if (until > now + MAX_MS) throw new AppError('invalid_input', 'An endpoint can be kept warm for one day at most.');
  const workflow = await deps.workflows.find(workflowId);
  if (!workflow) throw new AppError('not_found', 'Workflow not found.');
  if (workflow.prompt === null)
    throw new AppError(
      'conflict',
      `"${workflow.name}" has no API format, so it cannot run. Add it again with its API export.`,
    );
  const graph = parseGraph(parseGraphJson(workflow.prompt));
  if (savesOf(graph).length === 0)
    throw new AppError('conflict', `"${workflow.name}" has no save node, so its run could not be detected.`);
  const owner = await warmUpOwner(deps.users);
  const missing = await missingFiles(deps, owner.id, fileInputs(graph));
  if (missing.length > 0) throw filesMissing(missing);
  if (!(await deps.endpoints.keepWarm(id, { until, workflowId })))
    throw new AppError('not_found', 'Endpoint not found.');
}
