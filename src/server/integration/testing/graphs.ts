import type { Graph } from '#src/domain/workflow/graph.ts';

let made = 0;
const node = (class_type: string, inputs: Record<string, unknown>) => ({ class_type, inputs });

type Picture = { prefix?: string; width?: number; height?: number; batch?: number };

/** One noisy picture, different every time, so that no worker's cache knows it. */
export function picture({ prefix = 'shot', width = 48, height = 32, batch = 1 }: Picture = {}): Graph {
  made += 1;
  return {
    '1': node('EmptyImage', { width, height, batch_size: batch, color: made % 0xffffff }),
    '2': node('ImageAddNoise', { image: ['1', 0], seed: made, strength: 0.5 }),
    '9': node('SaveImage', { images: ['2', 0], filename_prefix: prefix }),
  };
}

/** Two save nodes, one of which the worker refuses: it runs the other. */
export const halfRefused = (prefix = 'half'): Graph => ({
  ...picture({ prefix }),
  '5': node('EmptyImage', { width: -1, height: 16, batch_size: 1, color: 0 }),
  '6': node('SaveImage', { images: ['5', 0], filename_prefix: `${prefix}-refused` }),
});

/** Every save node is rejected by the worker, for a value. */
export const allRefused = (): Graph => ({
  '5': node('EmptyImage', { width: -1, height: 16, batch_size: 1, color: 0 }),
  '6': node('SaveImage', { images: ['5', 0], filename_prefix: 'refused' }),
});

/** A class that the worker does not have: it refuses the whole prompt. */
export const unknownClass = (): Graph => ({
  ...picture(),
  '3': node('NoSuchNodeAnywhere', { image: ['1', 0] }),
  '9': node('SaveImage', { images: ['3', 0], filename_prefix: 'x' }),
});

const SAMPLER = { steps: 20, cfg: 7, sampler_name: 'euler', scheduler: 'normal', denoise: 1 };

/** A sampler that counts its steps; different every time. */
export function sampled(): Graph {
  made += 1;
  return {
    '4': node('CheckpointLoaderSimple', { ckpt_name: 'v1-5-pruned-emaonly-fp16.safetensors' }),
    '5': node('EmptyLatentImage', { width: 64, height: 64, batch_size: 1 }),
    '6': node('CLIPTextEncode', { text: 'a boat', clip: ['4', 1] }),
    '3': node('KSampler', {
      ...SAMPLER,
      seed: made,
      model: ['4', 0],
      positive: ['6', 0],
      negative: ['6', 0],
      latent_image: ['5', 0],
    }),
    '8': node('VAEDecode', { samples: ['3', 0], vae: ['4', 2] }),
    '9': node('SaveImage', { images: ['8', 0], filename_prefix: 'boat' }),
  };
}
