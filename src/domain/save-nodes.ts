import type { Graph, GraphNode } from './graph.ts';
import { saveClass } from './save-classes.ts';

/** Has a filename_prefix, but writes to the worker's temp folder and fails when the prefix names a folder. */
const NOT_SAVING = new Set(['LossGraphNode']);

/** The input that names this node's files, or null when it is no save node. Custom save nodes are known by their string filename_prefix. */
export function prefixInput(node: GraphNode): string | null {
  const known = saveClass(node.class_type);
  if (known) return known.prefix;
  if (NOT_SAVING.has(node.class_type)) return null;
  return typeof node.inputs.filename_prefix === 'string' ? 'filename_prefix' : null;
}

export const saveNodeIds = (graph: Graph): string[] =>
  Object.keys(graph).filter((id) => prefixInput(graph[id]!) !== null);
