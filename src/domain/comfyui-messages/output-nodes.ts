import { isRecord } from '../workflow/graph.ts';
import { parseGraphJson } from '../workflow/graph-json.ts';
import { isWriter } from '../workflow/outputs/outputs.ts';

/** The output nodes of a stored graph, as JSON text. */
export function outputNodes(prompt: string): string {
  const graph = parseGraphJson(prompt);
  if (!isRecord(graph)) return '[]';
  const ids = Object.entries(graph).flatMap(([id, node]) =>
    isRecord(node) &&
    typeof node.class_type === 'string' &&
    isRecord(node.inputs) &&
    isWriter({ ...node, class_type: node.class_type, inputs: node.inputs })
      ? [id]
      : [],
  );
  return JSON.stringify(ids);
}
