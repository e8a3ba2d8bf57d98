import type { GraphNode } from './graph.ts';

/** What an input holds, as far as the core's nodes could follow it at all times. `other` is for newer workers only. */
export type Fed = 'image' | 'audio' | 'latent' | 'text' | 'other';

type Row = readonly [fed: Fed, input: string, ...classes: string[]];
const ROWS: readonly Row[] = [
  ['image', 'images', 'SaveImage', 'SaveImageAdvanced', 'SaveAnimatedWEBP', 'SaveAnimatedPNG', 'SaveWEBM'],
  ['image', 'images', 'SaveImageDataSetToFolder', 'SaveImageTextDataSetToFolder'],
  ['audio', 'audio', 'SaveAudio', 'SaveAudioMP3', 'SaveAudioOpus', 'SaveAudioAdvanced'],
  ['latent', 'samples', 'SaveLatent'],
  ['other', 'video', 'SaveVideo'],
  ['text', 'text', 'SaveText'],
  ['other', 'svg', 'SaveSVGNode'],
  ['other', 'mesh', 'SaveGLB'],
  ['other', 'model_3d', 'Save3DAdvanced', 'SaveGaussianSplat', 'SavePointCloud'],
  ['other', 'model', 'CheckpointSave', 'ImageOnlyCheckpointSave', 'ModelSave'],
  ['other', 'clip', 'CLIPSave'],
  ['other', 'vae', 'VAESave'],
  ['other', 'model_diff', 'LoraSave'],
  ['other', 'lora', 'SaveLoRA', 'SaveLoRANode'],
  // Custom nodes; core-outputs.ts and custom-outputs.ts say where each was read.
  ['other', 'images', 'VHS_VideoCombine', 'Image Save', 'Image Saver', 'Image Saver Simple', 'SaveImageExtended'],
  ['other', 'images', 'SaveImageKJ', 'SaveImageWithAlpha'],
  ['text', 'string', 'SaveStringKJ'],
];

/** Save nodes that a marker can rely on: outputs that need all their links before they begin, and have written all their files when they end. */
const RELIED_ON: ReadonlyMap<string, { readonly fed: Fed; readonly input: string }> = new Map(
  ROWS.flatMap(([fed, input, ...classes]) => classes.map((name) => [name, { fed, input }] as const)),
);

/** What this input holds; null where no marker can rely on that node. */
export function fedBy({ class_type }: GraphNode, input: string): Fed | null {
  const row = RELIED_ON.get(class_type);
  if (!row) return null;
  if (input === row.input) return row.fed;
  return input === 'filename_prefix' || input === 'texts' || input === 'prefix' ? 'text' : 'other';
}
