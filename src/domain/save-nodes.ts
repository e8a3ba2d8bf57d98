import type { Graph, GraphNode } from './graph.ts';

type SaveClass = {
  readonly prefix: 'filename_prefix' | 'prefix';
  /** Where it takes its IMAGE from, when that is all it depends on. */
  readonly image: string | null;
};

const filename = { prefix: 'filename_prefix', image: null } as const;
const images = { prefix: 'filename_prefix', image: 'images' } as const;

/** The core's save nodes (ComfyUI 0.3.64, and 0.24 with its two more). */
const SAVE_CLASSES: ReadonlyMap<string, SaveClass> = new Map<string, SaveClass>([
  ['SaveImage', images],
  ['SaveImageAdvanced', images],
  ['SaveAnimatedWEBP', images],
  ['SaveAnimatedPNG', images],
  ['SaveWEBM', images],
  ['SaveVideo', filename],
  ['SaveAudio', filename],
  ['SaveAudioMP3', filename],
  ['SaveAudioOpus', filename],
  ['SaveSVGNode', filename],
  ['SaveGLB', filename],
  ['SaveLatent', filename],
  ['CheckpointSave', filename],
  ['ImageOnlyCheckpointSave', filename],
  ['CLIPSave', filename],
  ['VAESave', filename],
  ['ModelSave', filename],
  ['LoraSave', filename],
  ['SaveLoRANode', { prefix: 'prefix', image: null }],
  ['SaveLoRA', { prefix: 'prefix', image: null }],
]);

/** Has a filename_prefix, but writes to the worker's temp folder and fails when the prefix names a folder. */
const NOT_SAVING = new Set(['LossGraphNode']);

export const saveClass = (classType: string): SaveClass | undefined => SAVE_CLASSES.get(classType);

/** The input that names this node's files, or null when it is no save node. Custom save nodes are known by their string filename_prefix. */
export function prefixInput(node: GraphNode): string | null {
  const known = saveClass(node.class_type);
  if (known) return known.prefix;
  if (NOT_SAVING.has(node.class_type)) return null;
  return typeof node.inputs.filename_prefix === 'string' ? 'filename_prefix' : null;
}

export const saveNodeIds = (graph: Graph): string[] =>
  Object.keys(graph).filter((id) => prefixInput(graph[id]!) !== null);
