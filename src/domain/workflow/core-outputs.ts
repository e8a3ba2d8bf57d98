import type { OutputClass } from './output-classes.ts';

type Row = readonly [classType: string, ...feed: [input: string, type: string] | []];

const rows = (from: string, prefix: string, classes: readonly Row[]): [string, OutputClass][] =>
  classes.map(([classType, input, type]) => [
    classType,
    {
      writes: 'output',
      place: { kind: 'prefix', input: prefix },
      feed: input !== undefined && type !== undefined ? { input, type } : null,
      from,
    },
  ]);

const dataset = {
  writes: 'output',
  place: { kind: 'folder', input: 'folder_name', name: 'filename_prefix' },
  feed: { input: 'images', type: 'IMAGE' },
  from: '0.33 comfy_extras/nodes_dataset.py',
} as const;

const MODEL_FILE: OutputClass = {
  writes: 'elsewhere',
  why: 'It writes its model straight into the output folder, under a name of its own. Add Save 3D Model behind it.',
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
  ...rows('0.3.64 and 0.33 nodes.py', 'filename_prefix', [
    ['SaveImage', 'images', 'IMAGE'],
    ['SaveLatent', 'samples', 'LATENT'],
  ]),
  ...rows('0.33 comfy_extras/nodes_images.py', 'filename_prefix', [
    ['SaveImageAdvanced', 'images', 'IMAGE'],
    ['SaveAnimatedWEBP', 'images', 'IMAGE'],
    ['SaveAnimatedPNG', 'images', 'IMAGE'],
    ['SaveSVGNode', 'svg', 'SVG'],
  ]),
  ...rows('0.33 comfy_extras/nodes_video.py', 'filename_prefix', [
    ['SaveWEBM', 'images', 'IMAGE'],
    ['SaveVideo', 'video', 'VIDEO'],
  ]),
  ...rows('0.33 comfy_extras/nodes_audio.py', 'filename_prefix', [
    ['SaveAudio', 'audio', 'AUDIO'],
    ['SaveAudioMP3', 'audio', 'AUDIO'],
    ['SaveAudioOpus', 'audio', 'AUDIO'],
    ['SaveAudioAdvanced', 'audio', 'AUDIO'],
  ]),
  ...rows('0.33 comfy_extras/nodes_text.py', 'filename_prefix', [['SaveText', 'text', 'STRING']]),
  ...rows('0.33 comfy_extras/nodes_save_3d.py', 'filename_prefix', [
    ['SaveGLB', 'mesh', 'MESH'],
    ['Save3DAdvanced'],
    ['SaveGaussianSplat'],
    ['SavePointCloud'],
  ]),
  ...rows('0.33 comfy_extras/nodes_model_merging.py', 'filename_prefix', [
    ['CheckpointSave'],
    ['ImageOnlyCheckpointSave'],
    ['CLIPSave'],
    ['VAESave'],
    ['ModelSave'],
  ]),
  ...rows('0.33 comfy_extras/nodes_lora_extract.py', 'filename_prefix', [['LoraSave']]),
  ...rows('0.3.64 (SaveLoRANode) and 0.33 (SaveLoRA) comfy_extras/nodes_train.py', 'prefix', [
    ['SaveLoRANode'],
    ['SaveLoRA'],
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
