import { AppError, type NodeErrors } from '../errors.ts';
import { assertPlainJson, type Graph, type GraphNode, isLink, isRecord, linksOf } from './graph.ts';
import { requiredInputs } from './outputs/output-classes.ts';
import { isWriter } from './outputs/outputs.ts';

const MAX_NODES = 5000;
const MAX_LINKS = 25_000;
const MAX_INPUTS = 50_000;
/** Of one node. Going through an object with 400,000 entries takes 0.7 s; nodes that add inputs as they are linked have a few hundred. */
const MAX_NODE_INPUTS = 1000;
const MAX_NODE_ID = 64;
const MAX_CLASS_TYPE = 200;

type Fault = { type: string; message: string; details: string; extra_info: Record<string, unknown> };

function inputFaults(node: GraphNode, graph: Record<string, unknown>): Fault[] {
  const faults: Fault[] = [];
  for (const [name, value] of Object.entries(node.inputs)) {
    if (isLink(value) && !Object.hasOwn(graph, value[0])) {
      faults.push({
        type: 'bad_linked_input',
        message: `This input is linked to node ${value[0]}, which is not in the workflow.`,
        details: name,
        extra_info: { input_name: name, received_value: value },
      });
    }
  }
  for (const input of requiredInputs(node.class_type))
    if (!Object.hasOwn(node.inputs, input))
      faults.push({
        type: 'required_input_missing',
        message: 'Required input is missing',
        details: input,
        extra_info: { input_name: input },
      });
  return faults;
}

const isNotFinite = (value: unknown): value is number => typeof value === 'number' && !Number.isFinite(value);

function notFiniteIn(value: unknown): number | undefined {
  if (isNotFinite(value)) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  // A graph can have a million values: lists of them are not copied first.
  for (const item of Array.isArray(value) ? value : Object.values(value)) {
    const found = notFiniteIn(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** JSON has no such numbers, so no worker could be sent them. */
function refuseNotFinite(graph: Graph): void {
  for (const [id, { class_type, inputs }] of Object.entries(graph))
    for (const [name, value] of Object.entries(inputs)) {
      const found = notFiniteIn(value);
      if (found === undefined) continue;
      const message = `${class_type} (node ${id}): the input "${name}" is ${found}; give a finite number.`;
      const fault = {
        type: 'invalid_input_type',
        message: `The input is ${found}; give a finite number.`,
        details: name,
        extra_info: { input_name: name, received_value: String(found) },
      };
      throw new AppError('invalid_graph', message, {
        nodeErrors: { [id]: { class_type, dependent_outputs: [], errors: [fault] } },
      });
    }
}

function shapeFaults(id: string, node: unknown): Fault[] {
  const shape = (message: string): Fault[] => [
    { type: 'invalid_prompt', message, details: `Node ID '#${id}'`, extra_info: {} },
  ];
  if (id.length === 0 || id.length > MAX_NODE_ID)
    return shape(`A node id has between 1 and ${MAX_NODE_ID} characters.`);
  if (!isRecord(node)) return shape('This node is not an object.');
  if (typeof node.class_type !== 'string' || node.class_type === '' || node.class_type.length > MAX_CLASS_TYPE)
    return shape('This node has no class_type.');
  if (!isRecord(node.inputs)) return shape('This node has no inputs.');
  return [];
}

/**
 * Only of what comes in: a graph that was stored before there was this limit can still be read. Stops counting where there are too many, so that an object
 * with a million entries is not listed first. Throws AppError `invalid_graph`.
 */
export function refuseTooManyInputs(nodes: unknown): void {
  if (!isRecord(nodes)) return;
  let all = 0;
  for (const id in nodes) {
    const node = nodes[id];
    if (!isRecord(node) || !isRecord(node.inputs)) continue;
    let own = 0;
    for (const _ in node.inputs) {
      own += 1;
      if (own > MAX_NODE_INPUTS)
        throw new AppError(
          'invalid_graph',
          `Node ${id.slice(0, MAX_NODE_ID)} has more than ${MAX_NODE_INPUTS} inputs, the limit.`,
        );
    }
    all += own;
    if (all > MAX_INPUTS)
      throw new AppError('invalid_graph', `The workflow has more than ${MAX_INPUTS} inputs, the limit.`);
  }
}

const classOf = (node: unknown): string =>
  isRecord(node) && typeof node.class_type === 'string' ? node.class_type : '';

/**
 * Ids of all nodes that feed `outputs`, and the ids on a cycle among them, or null: a worker looks at no others, whatever is wrong with them.
 * Iterative: a chain may be 5,000 nodes long.
 */
function walk(graph: Graph, outputs: readonly string[]): { fed: Iterable<string>; cycle: string[] | null } {
  const state = new Map<string, 'open' | 'done'>();
  for (const start of outputs) {
    const path: { id: string; sources: string[] }[] = [];
    const enter = (id: string) => {
      state.set(id, 'open');
      path.push({
        id,
        sources: linksOf(graph[id]!).flatMap(([source]) => (Object.hasOwn(graph, source) ? [source] : [])),
      });
    };
    if (!state.has(start)) enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const source = top.sources.pop();
      if (source === undefined) {
        state.set(top.id, 'done');
        path.pop();
      } else if (state.get(source) === 'open') {
        const ids = path.map((step) => step.id);
        return { fed: state.keys(), cycle: ids.slice(ids.indexOf(source)) };
      } else if (!state.has(source)) enter(source);
    }
  }
  return { fed: state.keys(), cycle: null };
}

/** Says of each of these nodes what is wrong with it; nothing when nothing is. */
function refuse(value: Record<string, unknown>, faultsOf: ReadonlyMap<string, Fault[]>): void {
  const nodeErrors: Record<string, NodeErrors[string]> = {};
  let sentence: string | undefined;
  for (const [id, errors] of faultsOf) {
    const [first] = errors;
    if (!first) continue;
    const class_type = classOf(value[id]);
    sentence ??= `${class_type || `Node ${id}`}: ${first.message} (${first.details})`;
    nodeErrors[id] = { class_type, dependent_outputs: [], errors };
  }
  if (sentence !== undefined) throw new AppError('invalid_graph', sentence, { nodeErrors });
}

/**
 * Parses a prompt in API format. Only what is wrong on every worker is refused here, and only where it feeds an output; models and value ranges are the worker's to judge.
 * Throws AppError `invalid_graph`, with ComfyUI-shaped node errors where a node is to blame.
 */
export function parseGraph(value: unknown): Graph {
  if (!isRecord(value))
    throw new AppError('invalid_graph', 'The workflow is not in API format: it should be an object of nodes.');
  if (Array.isArray(value.nodes) && Array.isArray(value.links))
    throw new AppError(
      'invalid_graph',
      'This workflow is in the editor format. Export it with "Export (API)" and try again.',
    );
  assertPlainJson(value, 'The workflow');
  const ids = Object.keys(value);
  if (ids.length === 0) throw new AppError('invalid_graph', 'The workflow has no nodes.');
  if (ids.length > MAX_NODES)
    throw new AppError('invalid_graph', `The workflow has ${ids.length} nodes; at most ${MAX_NODES} are allowed.`);

  const graph: Record<string, GraphNode> = {};
  const faultsOf = new Map<string, Fault[]>();
  let linkCount = 0;
  for (const [id, node] of Object.entries(value)) {
    faultsOf.set(id, shapeFaults(id, node));
    if (!isRecord(node) || !isRecord(node.inputs)) continue;
    graph[id] = { ...node, class_type: classOf(node), inputs: node.inputs };
    linkCount += linksOf(graph[id]).length;
  }
  if (linkCount > MAX_LINKS)
    throw new AppError('invalid_graph', `The workflow has ${linkCount} links; at most ${MAX_LINKS} are allowed.`);

  refuseNotFinite(graph);

  const outputs = Object.keys(graph).filter((id) => isWriter(graph[id]!));
  const { fed, cycle } = walk(graph, outputs);
  for (const id of fed) if (faultsOf.get(id)?.length === 0) faultsOf.set(id, inputFaults(graph[id]!, value));
  refuse(value, faultsOf);
  if (cycle) {
    const shown = cycle.length > 8 ? [...cycle.slice(0, 8), '…'] : cycle;
    throw new AppError('invalid_graph', `The workflow has a loop: node ${[...shown, cycle[0]].join(' → ')}.`);
  }
  return graph;
}
