import { AppError, type NodeErrors } from '#src/domain/errors.ts';
import { missingNodes, missingNodeWords } from '#src/domain/node-catalogue/missing-nodes.ts';
import { modelLists } from '#src/domain/node-catalogue/shared-models.ts';
import type { Union } from '#src/domain/node-catalogue/union.ts';
import { missingClasses, type Validation, validateGraph } from '#src/domain/node-catalogue/validate-graph.ts';
import type { Graph } from '#src/domain/workflow/graph.ts';
import { nodeErrorLines } from '#src/domain/workflow/node-error-words.ts';
import type { NodeCatalogues } from '#src/ports/comfyui/node-catalogue.ts';
import type { EndpointStore } from '#src/ports/endpoints.ts';
import type { ModelNames } from '#src/ports/share.ts';
import { nextTurn } from '../next-turn.ts';

export type CheckDeps = {
  endpoints: Pick<EndpointStore, 'list'>;
  nodeCatalogues: NodeCatalogues;
  modelNames: ModelNames;
};

const MAX_NAMED = 5;
const INSTALLED_SINCE = 'If that has changed, an operator can read the nodes again under Admin → Endpoints.';

type Refusal = Extract<Validation, { type: 'refused' }>;
/** How far a graph is from what an endpoint takes: the nodes that it lacks count before everything else. */
const distance = ({ error, nodeErrors }: Refusal): number => {
  const faults = Object.values(nodeErrors).reduce((sum, { errors }) => sum + errors.length, 0);
  return error.type === 'missing_node_type' ? faults + 1_000_000 : faults;
};

function refused(graph: Graph, union: Union, refusal: Refusal): AppError {
  const nodes = missingNodes(missingClasses(graph, union), union).map(missingNodeWords);
  const lines = nodes.length > 0 ? nodes : nodeErrorLines(refusal.nodeErrors).map((line) => `${line}.`);
  const more = lines.length > MAX_NAMED ? [`And ${lines.length - MAX_NAMED} more.`] : [];
  const since = nodes.length > 0 ? [INSTALLED_SINCE] : [];
  const { error, nodeErrors } = refusal;
  return new AppError(
    'invalid_graph',
    ['No GPU can run this workflow.', ...lines.slice(0, MAX_NAMED), ...more, ...since].join(' '),
    { nodeErrors, promptError: error },
  );
}

export type GraphCheck = {
  /** The endpoints that would refuse the graph, so that it is sent to others. */
  readonly refusedBy: readonly string[];
  /** Of outputs that none of the others would run. */
  readonly nodeErrors: NodeErrors;
};
const NOTHING_KNOWN: GraphCheck = { refusedBy: [], nodeErrors: {} };

/** By what is known of the endpoints' nodes. Throws AppError `invalid_graph` when all would refuse the graph: no GPU has to be started to find that out. */
export async function checkGraph(deps: CheckDeps, graph: Graph): Promise<GraphCheck> {
  if ((await deps.nodeCatalogues.notes()).size === 0) return NOTHING_KNOWN;
  const enabled = (await deps.endpoints.list()).filter((endpoint) => endpoint.enabled).map(({ id }) => id);
  const union = await deps.nodeCatalogues.union(enabled);
  if (!union) return NOTHING_KNOWN;
  const namesModels = Object.values(graph).some(({ class_type }) =>
    union.classes.get(class_type)?.parts.some((part) => typeof part !== 'string' && part.type === 'models'),
  );
  const seen = namesModels ? await deps.modelNames.seen() : null;
  const refusals = new Map<string, Refusal>();
  const partly: NodeErrors[] = [];
  for (const id of enabled) {
    const catalogue = await deps.nodeCatalogues.of(id);
    if (!catalogue) continue;
    await nextTurn();
    const found = validateGraph(graph, catalogue, { uploads: [], models: modelLists(catalogue.models, seen) });
    // Whether anything can come back of it is for submitJob to say: what is sent has one output more.
    if (found.type === 'refused' && found.error.type !== 'prompt_no_outputs') refusals.set(id, found);
    if (found.type === 'partly') partly.push(found.nodeErrors);
  }
  const [nearest] = [...refusals.values()].sort((a, b) => distance(a) - distance(b));
  if (nearest && refusals.size === enabled.length) throw refused(graph, union, nearest);
  const isSure = partly.length > 0 && partly.length + refusals.size === enabled.length;
  return { refusedBy: [...refusals.keys()], nodeErrors: (isSure && partly[0]) || {} };
}
