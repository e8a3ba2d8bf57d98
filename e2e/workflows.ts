import type { Graph } from '#src/domain/workflow/graph.ts';

type Wish = {
  prompt?: string;
  seed?: number;
  steps?: number;
  batch?: number;
  width?: number;
  height?: number;
  prefix?: string;
  model?: string;
};

let seeds = 0;

/** A picture from words, as a person would export it from ComfyUI. With a seed of its own, or a worker would have it ready. */
export const picture = ({
  prompt = 'a lighthouse at dusk',
  seed = ++seeds,
  steps = 4,
  batch = 1,
  width = 384,
  height = 256,
  prefix = 'e2e',
  model = 'sd_xl_base_1.0.safetensors',
}: Wish = {}): Graph => ({
  '1': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: model } },
  '2': { class_type: 'CLIPTextEncode', inputs: { clip: ['1', 1], text: prompt } },
  '3': { class_type: 'CLIPTextEncode', inputs: { clip: ['1', 1], text: 'blurry' } },
  '4': { class_type: 'EmptyLatentImage', inputs: { width, height, batch_size: batch } },
  '5': {
    class_type: 'KSampler',
    inputs: {
      model: ['1', 0],
      positive: ['2', 0],
      negative: ['3', 0],
      latent_image: ['4', 0],
      seed,
      steps,
      cfg: 7,
      sampler_name: 'euler',
      scheduler: 'normal',
      denoise: 1,
    },
  },
  '6': { class_type: 'VAEDecode', inputs: { samples: ['5', 0], vae: ['1', 2] } },
  '7': { class_type: 'SaveImage', inputs: { images: ['6', 0], filename_prefix: prefix } },
});

/** A film from words: `length` frames at 16 per second. */
export const film = ({
  width = 256,
  height = 144,
  length = 17,
  prefix = 'film',
  ...wish
}: Omit<Wish, 'batch'> & { length?: number } = {}): Graph => ({
  ...picture(wish),
  '4': { class_type: 'EmptyHunyuanLatentVideo', inputs: { width, height, length, batch_size: 1 } },
  '7': { class_type: 'CreateVideo', inputs: { images: ['6', 0], fps: 16 } },
  '8': {
    class_type: 'SaveVideo',
    inputs: { video: ['7', 0], filename_prefix: prefix, format: 'mp4', codec: 'h264' },
  },
});

/** The editor's own JSON, as ComfyUI saves it. */
export const editorWorkflow = {
  last_node_id: 1,
  last_link_id: 0,
  nodes: [{ id: 1, type: 'EmptyImage', pos: [0, 0], widgets_values: [64, 64, 1, 0] }],
  links: [],
  version: 0.4,
};
