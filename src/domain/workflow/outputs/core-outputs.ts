import type { OutputClass } from './output-classes.ts';

const rows = (from: string, prefix: string, classes: readonly string[]): [string, OutputClass][] =>
  classes.map((name) => [name, { writes: 'output', place: { kind: 'prefix', input: prefix }, from }]);

const dataset = {
  writes: 'output',
  place: { kind: 'folder', input: 'folder_name', name: 'filename_prefix' },
  from: '0.33 comfy_extras/nodes_dataset.py',
} as const;

const MODEL_FILE: OutputClass = {
  writes: 'elsewhere',
  why: 'It writes its model directly to the output folder under its own name. Add a Save 3D Model node after it.',
  from: '0.33 comfy_api_nodes/util/download_helpers.py',
};
const API_3D = [
  ...['TextToModelNode', 'ImageToModelNode'].flatMap((name) => [`Tripo${name}`, `Meshy${name}`, `Tencent${name}`]),
  ...['MultiviewToModelNode', 'TextureNode', 'RefineNode', 'RigNode', 'RetargetNode', 'ConversionNode'].map(
    (name) => `Tripo${name}`,
  ),
  ...['RefineNode', 'MultiImageToModelNode', 'RigModelNode', 'AnimateModelNode', 'TextureNode'].map(
    (name) => `Meshy${name}`,
  ),
];

/** All nodes of ComfyUI 0.3.64 and 0.33 that write files, but for those that only show something. */
export const CORE_OUTPUTS: ReadonlyMap<string, OutputClass> = new Map<string, OutputClass>([
  ...rows('0.3.64 and 0.33 nodes.py', 'filename_prefix', ['SaveImage', 'SaveLatent']),
  ...rows('0.33 comfy_extras/nodes_images.py', 'filename_prefix', [
    'SaveImageAdvanced',
    'SaveAnimatedWEBP',
    'SaveAnimatedPNG',
    'SaveSVGNode',
  ]),
  ...rows('0.33 comfy_extras/nodes_video.py', 'filename_prefix', ['SaveWEBM', 'SaveVideo']),
  ...rows('0.33 comfy_extras/nodes_audio.py', 'filename_prefix', [
    'SaveAudio',
    'SaveAudioMP3',
    'SaveAudioOpus',
    'SaveAudioAdvanced',
  ]),
  ...rows('0.33 comfy_extras/nodes_text.py', 'filename_prefix', ['SaveText']),
  ...rows('0.33 comfy_extras/nodes_save_3d.py', 'filename_prefix', [
    'SaveGLB',
    'Save3DAdvanced',
    'SaveGaussianSplat',
    'SavePointCloud',
  ]),
  ...rows('0.33 comfy_extras/nodes_model_merging.py', 'filename_prefix', [
    'CheckpointSave',
    'ImageOnlyCheckpointSave',
    'CLIPSave',
    'VAESave',
    'ModelSave',
  ]),
  ...rows('0.33 comfy_extras/nodes_lora_extract.py', 'filename_prefix', ['LoraSave']),
  ...rows('0.3.64 (SaveLoRANode) and 0.33 (SaveLoRA) comfy_extras/nodes_train.py', 'prefix', [
    'SaveLoRANode',
    'SaveLoRA',
  ]),
  ['SaveImageDataSetToFolder', dataset],
  ['SaveImageTextDataSetToFolder', dataset],
  [
    'SaveTrainingDataset',
    {
      writes: 'elsewhere',
      why: 'It writes to the worker’s own folder of training data, which is not shared.',
      from: '0.33 comfy_extras/nodes_dataset.py',
    },
  ],
  ...API_3D.map((classType): [string, OutputClass] => [classType, MODEL_FILE]),
  // It fails when its prefix names a folder.
  ['LossGraphNode', { writes: 'temp', from: '0.3.64 and 0.33 comfy_extras/nodes_train.py' }],
]);
