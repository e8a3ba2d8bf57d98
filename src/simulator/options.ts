import { z } from 'zod';

const milliseconds = z.number().min(0);

const modelLists = z.record(z.string(), z.array(z.string()));

/** What the loader nodes of every replica offer, by model folder. */
const defaultModels: z.infer<typeof modelLists> = {
  checkpoints: ['sd_xl_base_1.0.safetensors', 'v1-5-pruned-emaonly-fp16.safetensors', 'flux1-schnell-fp8.safetensors'],
  diffusion_models: [
    'flux1-dev.safetensors',
    'wan2.1_t2v_14B_fp8_scaled.safetensors',
    'wan2.2_i2v_high_noise_14B_fp8_scaled.safetensors',
    'wan2.2_i2v_low_noise_14B_fp8_scaled.safetensors',
    'qwen_image_fp8_e4m3fn.safetensors',
    'hunyuan_video_t2v_720p_bf16.safetensors',
  ],
  text_encoders: [
    'clip_l.safetensors',
    't5xxl_fp16.safetensors',
    't5xxl_fp8_e4m3fn.safetensors',
    'umt5_xxl_fp8_e4m3fn_scaled.safetensors',
    'qwen_2.5_vl_7b_fp8_scaled.safetensors',
    'llava_llama3_fp8_scaled.safetensors',
  ],
  vae: [
    'ae.safetensors',
    'sdxl_vae.safetensors',
    'wan_2.1_vae.safetensors',
    'qwen_image_vae.safetensors',
    'hunyuan_video_vae_bf16.safetensors',
  ],
  loras: ['film_grain.safetensors', 'lcm-lora-sdxl.safetensors', 'wan2.2_lightning_4steps.safetensors'],
  controlnet: ['controlnet-canny-sdxl-1.0.safetensors'],
  clip_vision: ['clip_vision_h.safetensors'],
  upscale_models: ['4x-UltraSharp.pth'],
};

const workerOptions = {
  /** The ComfyUI version of the workers; their responses and classes depend on it. */
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/)
    .default('0.3.64'),
  outputs: z.string().min(1),
  inputs: z.string().min(1),
  /** How often the workers have been updated: each time their front end is another one. */
  update: z.int().min(1).default(1),
  /** False = a proxy before the workers lets only the API through, not ComfyUI's page. */
  page: z.boolean().default(true),
  pace: z.number().min(0).default(1),
  models: modelLists.default(defaultModels),
  disableMetadata: z.boolean().default(false),
  /** As started with `--preview-method auto`: samplers send a picture with each step. */
  previews: z.boolean().default(false),
};

export const fleetOptionsSchema = z.strictObject({
  ...workerOptions,
  host: z.string().default('127.0.0.1'),
  port: z.int().min(0).max(65535).default(0),
  replicas: z.int().min(1).max(64).default(3),
  minReplicas: z.int().min(0).max(64).default(0),
  coldStartMs: z.union([milliseconds, z.tuple([milliseconds, milliseconds])]).default(0),
  idleMs: milliseconds.nullable().default(null),
  holdMs: milliseconds.default(300_000),
  blindScaleDown: z.boolean().default(false),
  /** `strict`: a question that names a prompt in its path never reaches the replica that has it, if there is another. */
  routing: z.enum(['random', 'strict']).default('random'),
  seed: z.int().default(1),
  apiKey: z.string().min(1).nullable().default(null),
});
export type FleetOptions = z.infer<typeof fleetOptionsSchema>;
export type FleetOptionsInput = z.input<typeof fleetOptionsSchema>;

export const replicaOptionsSchema = z.strictObject({
  ...workerOptions,
  id: z.string().min(1),
  temp: z.string().min(1),
});
export type ReplicaOptions = z.infer<typeof replicaOptionsSchema>;
