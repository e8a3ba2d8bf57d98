import type { Catalogue, ToldModels } from './catalogue.ts';
import { catalogueOf } from './read-catalogue.ts';
import type { ModelList } from './shared-models.ts';

const node = (
  input: { required?: object; optional?: object; hidden?: object },
  more: { output?: unknown[]; output_node?: boolean; python_module?: string; api_node?: boolean } = {},
) => ({
  input,
  input_order: Object.fromEntries(Object.entries(input).map(([category, all]) => [category, Object.keys(all)])),
  output: [],
  output_node: false,
  python_module: 'nodes',
  category: 'test',
  ...more,
});

/** As a worker describes some classes, of both kinds. */
export const NODES = {
  EmptyImage: node(
    {
      required: {
        width: ['INT', { default: 512, min: 1, max: 16384 }],
        height: ['INT', { default: 512, min: 1, max: 16384 }],
        batch_size: ['INT', { default: 1, min: 1, max: 4096 }],
        color: ['INT', { default: 0, min: 0, max: 0xffffff }],
      },
    },
    { output: ['IMAGE'] },
  ),
  ImageScale: node(
    {
      required: {
        image: ['IMAGE'],
        upscale_method: [['nearest-exact', 'bilinear', 'area'], {}],
        factor: ['FLOAT', { default: 1.5, min: 0.1, max: 8 }],
      },
      optional: { crop: ['COMBO', { options: ['disabled', 'center'] }], any: ['*', {}] },
    },
    { output: ['IMAGE'] },
  ),
  LoadImage: node(
    { required: { image: [['other.png', 'sub/more.jpg'], { image_upload: true }] } },
    { output: ['IMAGE', 'MASK'] },
  ),
  LoadVideo: node(
    { required: { file: ['COMBO', { options: ['film.mp4'], video_upload: true, multiselect: false }] } },
    { output: ['VIDEO'], python_module: 'comfy_extras.nodes_video' },
  ),
  LoadImageOutput: node(
    {
      required: {
        image: ['COMBO', { image_upload: true, image_folder: 'output', remote: { route: '/internal/files/output' } }],
      },
    },
    { output: ['IMAGE', 'MASK'] },
  ),
  CheckpointLoaderSimple: node(
    { required: { ckpt_name: [['a.safetensors', 'deep/b.ckpt'], { tooltip: 'The model' }] } },
    { output: ['MODEL', 'CLIP', 'VAE'] },
  ),
  VAELoader: node({ required: { vae_name: [['v.safetensors', 'pixel_space', 'taesd'], {}] } }, { output: ['VAE'] }),
  LoraStack: node(
    { required: { lora: ['COMBO', { options: ['None', 'l.safetensors'] }] } },
    { output: ['LORA'], python_module: 'custom_nodes.stack' },
  ),
  KSampler: node(
    {
      required: {
        model: ['MODEL', {}],
        seed: ['INT', { default: 0, min: 0, max: 2 ** 53 }],
        text: ['STRING', { multiline: true }],
        on: ['BOOLEAN', {}],
      },
    },
    { output: ['LATENT'] },
  ),
  Grows: node(
    { required: { values: ['COMFY_AUTOGROW_V3', { template: {} }] } },
    { output: ['COMFY_MATCHTYPE_V3'], python_module: 'comfy_extras.nodes_logic' },
  ),
  Custom: node(
    { required: { strength: ['INT', { min: 0, max: 1 }], mode: [['a', 'b']], image: ['IMAGE'] } },
    { output: ['IMAGE'], python_module: 'custom_nodes.pack' },
  ),
  SaveImage: node(
    { required: { images: ['IMAGE'], filename_prefix: ['STRING', { default: 'ComfyUI' }] } },
    { output_node: true },
  ),
  PreviewImage: node({ required: { images: ['IMAGE'] } }, { output_node: true }),
  ApiFilm: node({ required: {} }, { output: ['VIDEO'], api_node: true, python_module: 'comfy_api_nodes.nodes_film' }),
  ApiStyle: node({ required: {} }, { output: ['API_STYLE'], python_module: 'comfy_api_nodes.nodes_film' }),
};

/** 2^64 - 1 has more digits than a JavaScript number keeps. */
export const OBJECT_INFO = JSON.stringify(NODES).replace(String(2 ** 53), '18446744073709551615');

export const TOLD: readonly ToldModels[] = [
  {
    name: 'checkpoints',
    folders: ['/comfyui/models/checkpoints'],
    extensions: ['.ckpt', '.safetensors'],
    files: ['a.safetensors', 'deep/b.ckpt'],
  },
  { name: 'vae', folders: ['/comfyui/models/vae'], extensions: ['.safetensors'], files: ['v.safetensors'] },
  { name: 'loras', folders: ['/comfyui/models/loras'], extensions: ['.safetensors'], files: ['l.safetensors'] },
  {
    name: 'diffusion_models',
    folders: ['/comfyui/models/unet', '/comfyui/models/diffusion_models'],
    extensions: ['.safetensors'],
    files: [],
  },
  { name: 'embeddings', folders: ['/comfyui/models/embeddings'], extensions: ['.safetensors', '.pt'], files: [] },
];

export const testCatalogue = (objectInfo = OBJECT_INFO): Catalogue =>
  catalogueOf(objectInfo, { models: TOLD.map((told) => ({ ...told, elsewhere: [] })), replaced: ['OldNode'] });

/** As if the share had what the worker has told. */
export const testModels: ReadonlyMap<string, ModelList> = new Map(
  TOLD.map(({ name, files }) => [name, { names: files, isSure: files.length > 0 }]),
);
