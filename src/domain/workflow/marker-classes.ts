import type { GraphNode } from '../graph.ts';

/** What the core's save nodes take their data from. `other` is all that only PreviewAny can take. */
export type Fed = 'image' | 'audio' | 'latent' | 'video' | 'text' | 'other';

type Row = readonly [fed: Fed, input: string, ...classes: string[]];
const ROWS: readonly Row[] = [
  ['image', 'images', 'SaveImage', 'SaveImageAdvanced', 'SaveAnimatedWEBP', 'SaveAnimatedPNG', 'SaveWEBM'],
  ['image', 'images', 'SaveImageDataSetToFolder', 'SaveImageTextDataSetToFolder'],
  ['audio', 'audio', 'SaveAudio', 'SaveAudioMP3', 'SaveAudioOpus', 'SaveAudioAdvanced'],
  ['latent', 'samples', 'SaveLatent'],
  ['video', 'video', 'SaveVideo'],
  ['text', 'text', 'SaveText'],
  ['other', 'svg', 'SaveSVGNode'],
  ['other', 'mesh', 'SaveGLB'],
  ['other', 'model_3d', 'Save3DAdvanced', 'SaveGaussianSplat', 'SavePointCloud'],
  ['other', 'model', 'CheckpointSave', 'ImageOnlyCheckpointSave', 'ModelSave'],
  ['other', 'clip', 'CLIPSave'],
  ['other', 'vae', 'VAESave'],
  ['other', 'model_diff', 'LoraSave'],
];

/**
 * Save nodes that a marker can rely on: outputs (so a worker runs them before other nodes as soon as all their links are there) that take all their links
 * and write all their files before they end. Not SaveLoRA: thousands of tensors would have to be put into words.
 */
const RELIED_ON: ReadonlyMap<string, { readonly fed: Fed; readonly input: string }> = new Map(
  ROWS.flatMap(([fed, input, ...classes]) => classes.map((name) => [name, { fed, input }] as const)),
);

/** What this input of a save node holds; null where no marker can rely on that node. */
export function fedBy({ class_type }: GraphNode, input: string): Fed | null {
  const row = RELIED_ON.get(class_type);
  if (!row) return null;
  if (input === row.input) return row.fed;
  return input === 'filename_prefix' || input === 'texts' ? 'text' : 'other';
}
