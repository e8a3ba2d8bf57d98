import type { NodeErrors, PromptError } from '../errors.ts';
import { type Graph, type GraphNode, isRecord } from '../workflow/graph.ts';
import { placeInputs } from '../workflow/outputs/outputs.ts';
import { PREVIEW_CLASSES } from '../workflow/outputs/preview-classes.ts';
import type { Catalogue } from './catalogue.ts';
import { type ClassRules, type InputRule, rulesOf } from './class-rules.ts';
import { dependents } from './dependents.ts';
import type { Choices } from './fill.ts';
import { badLink, brokenLink, isDynamic, mismatches, missing, valueFault, wrongType } from './input-faults.ts';
import { lacks } from './lacks.ts';
import { inPython } from './python-values.ts';

/** What a worker would say of a graph. Where nobody can know, it accepts. */
export type Validation =
  | { readonly type: 'accepted' }
  /** It would run the other outputs. */
  | { readonly type: 'partly'; readonly nodeErrors: NodeErrors }
  | { readonly type: 'refused'; readonly error: PromptError; readonly nodeErrors: NodeErrors };

/** More says nothing more. */
const MAX_FAULTS = 500;
const MAX_LINES = 100;

/** Classes of the core that check these inputs by themselves (ComfyUI 0.3.64 to 0.33); null = all. Inputs that list files are not checked here at all. */
const CHECKS_ITSELF: ReadonlyMap<string, readonly string[] | null> = new Map([
  ['ComfySoftSwitchNode', null],
  ['CustomCombo', null],
  ['Load3D', null],
  ['Load3DAdvanced', null],
  ['LoadLatent', ['latent']],
]);
/** The same by the name of the input; `folder…`: of what workers have written since. */
const CHECKED_NAMES = new Set(['device', 'attention', 'folder', 'folder_name']);

function missingClass(id: string, node: GraphNode): PromptError {
  const title = isRecord(node._meta) && typeof node._meta.title === 'string' ? node._meta.title : node.class_type;
  return {
    type: 'missing_node_type',
    message: `Node '${title}' not found. The custom node may not be installed.`,
    details: `Node ID '#${id}'`,
    extra_info: { node_id: id, class_type: node.class_type, node_title: title },
  };
}

/** The classes of a graph that are not among these. */
export const missingClasses = (graph: Graph, catalogue: Pick<Catalogue, 'classes' | 'replaced'>): string[] =>
  [...new Set(Object.values(graph).map(({ class_type }) => class_type))].filter((name) => lacks(catalogue, name));

function refuseClasses(graph: Graph, names: ReadonlySet<string>): Validation {
  const nodeErrors: Record<string, NodeErrors[string]> = {};
  let first: PromptError | null = null;
  let count = 0;
  for (const [id, node] of Object.entries(graph)) {
    if (!names.has(node.class_type) || count >= MAX_FAULTS) continue;
    const fault = missingClass(id, node);
    first ??= fault;
    count += 1;
    nodeErrors[id] = { class_type: node.class_type, dependent_outputs: [], errors: [fault] };
  }
  return first ? { type: 'refused', error: first, nodeErrors } : { type: 'accepted' };
}

const plainFault = (type: string, message: string, details = ''): PromptError => ({
  type,
  message,
  details,
  extra_info: {},
});

type Node = { readonly node: GraphNode; readonly rules: ClassRules };

/** The node that a link says it comes from. */
const sourceOf = (value: unknown): string | null =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' ? value[0] : null;

function linkFault(
  name: string,
  rule: InputRule,
  link: readonly unknown[],
  { node, rules }: Node,
  nodes: ReadonlyMap<string, Node>,
  choices: Choices,
): PromptError | null {
  const [id, slot] = link;
  const from = nodes.get(sourceOf(link) ?? '');
  if (!from) return brokenLink(rules.isOutput, name, inPython(id), link);
  // What is no plain place in ComfyUI's own list, another class may know to find.
  if (!from.rules.isCore || typeof slot !== 'number' || slot < 0) return null;
  const received = from.rules.outputs[slot];
  if (received === undefined) return brokenLink(rules.isOutput, name, 'tuple index out of range', link);
  if (!rules.isCore || CHECKS_ITSELF.get(node.class_type) === null || !mismatches(received, rule.type)) return null;
  return wrongType(name, rule, received, link, choices);
}

/** Inputs that a worker never gets as they are: where nodes write is changed before they are sent, and those that only show something are sent as others. */
function madeByUs(node: GraphNode, { isCore }: ClassRules): (name: string) => boolean {
  if (PREVIEW_CLASSES.has(node.class_type)) return () => true;
  const places = isCore ? [] : placeInputs(node);
  return (name) => places.includes(name);
}

function nodeFaults({ node, rules }: Node, nodes: ReadonlyMap<string, Node>, choices: Choices): PromptError[] {
  const faults: PromptError[] = [];
  const own = CHECKS_ITSELF.get(node.class_type);
  const checksItself = (name: string): boolean =>
    !rules.isCore || own === null || own?.includes(name) || CHECKED_NAMES.has(name);
  const isOurs = madeByUs(node, rules);
  for (const [name, rule] of rules.inputs) {
    if (isDynamic(rule)) continue;
    if (!Object.hasOwn(node.inputs, name)) {
      if (rule.isRequired && !isOurs(name)) faults.push(missing(name));
      continue;
    }
    const value = node.inputs[name];
    if (!Array.isArray(value)) {
      const found = isOurs(name) ? null : valueFault(name, rule, value, checksItself(name), choices);
      if (found) faults.push(found);
    } else if (value.length !== 2) faults.push(badLink(name, rule, value, choices));
    else {
      const found = linkFault(name, rule, value, { node, rules }, nodes, choices);
      if (found) faults.push(found);
    }
  }
  return faults;
}

/** Nodes that these outputs are made from, in the order in which they are found: the sources of a node come after it. */
function fedBy(outputs: readonly string[], nodes: ReadonlyMap<string, Node>): Set<string> {
  const fed = new Set(outputs);
  for (const id of fed)
    for (const name of nodes.get(id)?.rules.inputs.keys() ?? []) {
      const source = sourceOf(nodes.get(id)?.node.inputs[name]);
      if (source !== null && nodes.has(source)) fed.add(source);
    }
  return fed;
}

/**
 * What workers with these nodes would say of a graph, as ComfyUI's own validation does. Takes time in proportion to the graph. Only what is certain counts:
 * nodes may check their inputs by themselves, which no description tells, so of those that are not ComfyUI's own no range, choice or type is judged.
 * `targets`: the only outputs that are wanted; null = all.
 */
export function validateGraph(
  graph: Graph,
  catalogue: Catalogue,
  choices: Choices,
  targets: ReadonlySet<string> | null = null,
): Validation {
  const unknown = missingClasses(graph, catalogue);
  if (unknown.length > 0) return refuseClasses(graph, new Set(unknown));

  const nodes = new Map<string, Node>();
  for (const [id, node] of Object.entries(graph)) {
    const nodeClass = catalogue.classes.get(node.class_type);
    const rules = nodeClass && rulesOf(nodeClass);
    // A class that stands in for another, or that nobody could describe.
    if (!rules) return { type: 'accepted' };
    nodes.set(id, { node, rules });
  }
  const isOutput = ({ node, rules }: Node): boolean => rules.isOutput || PREVIEW_CLASSES.has(node.class_type);
  const outputs = [...nodes].flatMap(([id, own]) => (isOutput(own) && (targets?.has(id) ?? true) ? [id] : []));
  if (outputs.length === 0)
    return { type: 'refused', error: plainFault('prompt_no_outputs', 'Prompt has no outputs'), nodeErrors: {} };

  const faultsOf = new Map<string, PromptError[]>();
  let count = 0;
  for (const id of fedBy(outputs, nodes)) {
    const own = nodes.get(id);
    const faults = own && count < MAX_FAULTS ? nodeFaults(own, nodes, choices).slice(0, MAX_FAULTS - count) : [];
    if (faults.length > 0) faultsOf.set(id, faults);
    count += faults.length;
  }
  if (faultsOf.size === 0) return { type: 'accepted' };

  const broken = dependents(graph, outputs, new Set(faultsOf.keys()));
  const nodeErrors = Object.fromEntries(
    [...faultsOf].map(([id, errors]) => [
      id,
      { errors, dependent_outputs: broken.of.get(id) ?? [], class_type: graph[id]?.class_type ?? '' },
    ]),
  );
  if (broken.fine > 0) return { type: 'partly', nodeErrors };
  const lines = outputs.flatMap((id) => faultsOf.get(id) ?? []).slice(0, MAX_LINES);
  const details = lines.map(({ message, details: more }) => `${message}: ${more}`).join('\n');
  return {
    type: 'refused',
    error: plainFault('prompt_outputs_failed_validation', 'Prompt outputs failed validation', details),
    nodeErrors,
  };
}
