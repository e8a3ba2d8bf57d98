import type { OutputClass, Saver } from './output-classes.ts';

const save = (from: string, saver: Omit<Saver, 'writes'>): OutputClass => ({ writes: 'output', ...saver, from });
const prefix = (input: string) => ({ kind: 'prefix', input }) as const;
const folder = (input: string, name: string, none = '') => ({ kind: 'folder', input, name, none }) as const;

const started = (from: string): OutputClass => ({
  writes: 'elsewhere',
  why: 'It writes beside the folder that ComfyUI was started in, which is not shared.',
  from,
});
const combo = (from: string): OutputClass => ({
  writes: 'elsewhere',
  why: 'It writes only into folders that are on the worker already.',
  from,
});
const WAS = 'WASasquatch/was-node-suite-comfyui WAS_Node_Suite.py';
const KJ = 'kijai/ComfyUI-KJNodes nodes/image_nodes.py';
const IMPACT = 'ltdrdata/ComfyUI-Impact-Pack modules/impact/impact_pack.py';
const IMAGE_SAVER = 'alexopus/ComfyUI-Image-Saver nodes.py';
const TTN = 'TinyTerra/ComfyUI_tinyterraNodes ttNpy/tinyterraNodes.py';
const CR = 'Suzie1/ComfyUI_Comfyroll_CustomNodes nodes/';

/** Widely used output nodes that the generic rule would get wrong, or that can be told more about. */
export const CUSTOM_OUTPUTS: ReadonlyMap<string, OutputClass> = new Map<string, OutputClass>([
  [
    'VHS_VideoCombine',
    save('Kosinkadink/ComfyUI-VideoHelperSuite videohelpersuite/nodes.py', {
      place: prefix('filename_prefix'),
    }),
  ],
  ['Image Save', save(WAS, { place: folder('output_path', 'filename_prefix', 'none') })],
  ['Save Text File', started(WAS)],
  ['Export API', started(WAS)],
  // A relative output_folder is ignored, and then the prefix decides.
  ['SaveImageKJ', save(KJ, { place: prefix('filename_prefix'), set: { output_folder: 'output' } })],
  ['SaveStringKJ', save(KJ, { place: folder('output_folder', 'filename_prefix', 'output') })],
  ['SaveImageWithAlpha', save(KJ, { place: prefix('filename_prefix') })],
  ['DecodeAndSaveVideo', save(KJ, { place: prefix('filename_prefix') })],
  ['Image Saver', save(IMAGE_SAVER, { place: folder('path', 'filename'), alsoPath: ['custom'] })],
  ['Image Saver Simple', save(IMAGE_SAVER, { place: folder('path', 'filename') })],
  [
    'SaveImageExtended',
    save('audioscavenger/save-image-extended-comfyui save_image_extended.py', {
      place: folder('foldername_prefix', 'filename_prefix'),
      alsoPath: ['foldername_keys', 'filename_keys'],
    }),
  ],
  [
    'SaveText|pysssss',
    save('pythongosssss/ComfyUI-Custom-Scripts py/text_files.py', {
      place: prefix('file'),
      set: { root_dir: 'output' },
    }),
  ],
  ['SDPromptSaver', save('receyuki/comfyui-prompt-reader-node nodes.py', { place: folder('path', 'filename') })],
  [
    'SaveImageWithMetaData',
    save('nkchocoai/ComfyUI-SaveImageWithMetaData py/nodes/node.py', {
      place: prefix('filename_prefix'),
    }),
  ],
  [
    'CR Image Output',
    save(`${CR}nodes_core.py`, {
      place: prefix('filename_prefix'),
      unless: { input: 'output_type', values: ['Preview'] },
    }),
  ],
  ['CR Output Flow Frames', combo(`${CR}nodes_animation_io.py`)],
  ['CR XY Save Grid Image', combo(`${CR}nodes_xygrid.py`)],
  ['easy imageSave', save('yolain/ComfyUI-Easy-Use py/nodes/image.py', { place: prefix('filename_prefix') })],
  ['easy saveText', started('yolain/ComfyUI-Easy-Use py/nodes/logic.py')],
  ['ttN imageOutput', started(TTN)],
  ['ttN textOutput', started(TTN)],
  ['ImageSender', { writes: 'temp', from: IMPACT }],
  ['LatentSender', { writes: 'temp', from: IMPACT }],
]);
