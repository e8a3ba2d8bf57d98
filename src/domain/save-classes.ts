type SaveClass = {
  readonly prefix: 'filename_prefix' | 'prefix';
  /** Where it takes its IMAGE from, when that is all it depends on. */
  readonly image: string | null;
};

const filename = { prefix: 'filename_prefix', image: null } as const;
const images = { prefix: 'filename_prefix', image: 'images' } as const;

/** The core's save nodes (ComfyUI 0.3.64, and the two more of 0.24). */
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

export const saveClass = (classType: string): SaveClass | undefined => SAVE_CLASSES.get(classType);
