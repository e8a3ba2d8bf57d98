import { isRecord } from '../workflow/graph.ts';
import { parseGraphJson } from '../workflow/graph-json.ts';
import { isWriter } from '../workflow/outputs/outputs.ts';

/** Sends its pictures over the socket, and names them nowhere. */
export const isSocketNode = (classType: string | undefined): boolean => classType === 'SaveImageWebsocket';

export type GraphNodes = {
  /** Of output nodes, as JSON text. */
  readonly outputNodes: string;
  /** By id. */
  readonly classes: ReadonlyMap<string, string>;
};

/** What ComfyUI's API says of the nodes of a stored graph. */
export function graphNodes(prompt: string): GraphNodes {
  const graph = parseGraphJson(prompt);
  const outputs: string[] = [];
  const classes = new Map<string, string>();
  for (const [id, node] of Object.entries(isRecord(graph) ? graph : {})) {
    if (!isRecord(node) || typeof node.class_type !== 'string' || !isRecord(node.inputs)) continue;
    const { class_type, inputs } = node;
    if (isWriter({ ...node, class_type, inputs })) outputs.push(id);
    classes.set(id, class_type);
  }
  return { outputNodes: JSON.stringify(outputs), classes };
}
