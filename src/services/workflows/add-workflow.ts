import { AppError } from '#src/domain/errors.ts';
import { assertPlainJson, MAX_GRAPH_BYTES } from '#src/domain/workflow/graph.ts';
import { toGraphJson } from '#src/domain/workflow/graph-json.ts';
import { parseGraph } from '#src/domain/workflow/parse-graph.ts';
import type { WorkflowStore } from '#src/ports/classes.ts';
import type { Clock, Random } from '#src/ports/random.ts';

type Deps = { workflows: WorkflowStore; clock: Clock; random: Random };
type Input = { name: string; workflow: unknown; prompt?: unknown };

const isEditors = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'nodes' in value && Array.isArray(value.nodes);

/** A workflow in the editor's own format as text; refuses anything else. */
export function editorsText(workflow: unknown): string {
  if (!isEditors(workflow))
    throw new AppError(
      'invalid_graph',
      'This is not a workflow in the editor format. Save it in ComfyUI with “Save”, not “Export (API)”.',
    );
  assertPlainJson(workflow, 'The editor’s workflow');
  const text = toGraphJson(workflow);
  if (Buffer.byteLength(text) > MAX_GRAPH_BYTES)
    throw new AppError('too_large', `A workflow can have at most ${MAX_GRAPH_BYTES / 1_048_576} MiB.`);
  return text;
}

/** Keeps a workflow to be offered to the class. */
export async function addWorkflow(deps: Deps, { name, workflow, prompt }: Input): Promise<{ id: string }> {
  const text = editorsText(workflow);
  const id = deps.random.id();
  await deps.workflows.add({
    id,
    name,
    workflow: text,
    prompt: prompt === undefined || prompt === null ? null : toGraphJson(parseGraph(prompt)),
    now: deps.clock.now(),
  });
  return { id };
}
