import { fieldsOf } from '#src/domain/fields/fields-of.ts';
import type { InputKind } from '#src/domain/files/input-kinds.ts';
import { parseGraphJson } from '#src/domain/workflow/graph-json.ts';
import { parseGraph } from '#src/domain/workflow/parse-graph.ts';
import type { WorkflowStore } from '#src/ports/classes.ts';
import type { InputUses } from '#src/ports/inputs.ts';
import { nextTurn } from '../next-turn.ts';

const MAX_READ = 60;
const MAX_JOBS = 12;
const MAX_WORKFLOWS = 50;
/** Larger graphs are not looked through for a list. */
const MAX_CHARACTERS = 1_000_000;

type Deps = { inputs: Pick<InputUses, 'jobsThatTake'>; workflows: Pick<WorkflowStore, 'list' | 'find'> };
type Places = {
  readonly jobs: { readonly id: string; readonly title: string; readonly createdAt: number }[];
  readonly workflows: { readonly id: string; readonly name: string }[];
};

/** Where a person could use a file of this kind: their own recent jobs that took one, each workflow once, and what operators offer. */
export async function placesFor(deps: Deps, userId: string, kind: InputKind): Promise<Places> {
  const recent = await deps.inputs.jobsThatTake(userId, kind, MAX_READ);
  const once = new Map(recent.toReversed().map((job) => [`${job.title} ${job.fingerprint ?? job.id}`, job]));
  const jobs = [...once.values()].sort((a, b) => b.createdAt - a.createdAt).slice(0, MAX_JOBS);
  const offered = (await deps.workflows.list()).filter((one) => one.offered && one.canRun).slice(0, MAX_WORKFLOWS);
  const workflows: Places['workflows'] = [];
  for (const { id, name } of offered) {
    const prompt = (await deps.workflows.find(id))?.prompt ?? null;
    if (prompt === null || prompt.length > MAX_CHARACTERS) continue;
    await nextTurn();
    const fields = fieldsOf(parseGraph(parseGraphJson(prompt)));
    if (fields.some((field) => field.kind === 'file' && field.media === kind)) workflows.push({ id, name });
  }
  return { jobs: jobs.map(({ id, title, createdAt }) => ({ id, title, createdAt })), workflows };
}
