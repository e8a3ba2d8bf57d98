import { readdirSync } from 'node:fs';

export const modelFolders = [
  'checkpoints',
  'configs',
  'loras',
  'vae',
  'text_encoders',
  'diffusion_models',
  'clip_vision',
  'style_models',
  'embeddings',
  'diffusers',
  'vae_approx',
  'controlnet',
  'gligen',
  'upscale_models',
  'custom_nodes',
  'hypernetworks',
  'photomaker',
  'classifiers',
  'model_patches',
  'audio_encoders',
] as const;

/** As each folder of a newer version names them. */
export const modelEndings = ['.bin', '.ckpt', '.pkl', '.pt', '.pt2', '.pth', '.safetensors', '.sft'] as const;

export const folderOfInput: { [input: string]: string } = {
  ckpt_name: 'checkpoints',
  lora_name: 'loras',
  unet_name: 'diffusion_models',
  vae_name: 'vae',
  clip_name: 'text_encoders',
  clip_name1: 'text_encoders',
  clip_name2: 'text_encoders',
  clip_name3: 'text_encoders',
  clip_name4: 'text_encoders',
  control_net_name: 'controlnet',
  style_model_name: 'style_models',
  gligen_name: 'gligen',
  model_name: 'upscale_models',
  hypernetwork_name: 'hypernetworks',
  photomaker_model_name: 'photomaker',
  audio_encoder_name: 'audio_encoders',
};

/** Below the output directory these folders are searched for models too. */
export const outputModelFolders: { [folder: string]: string } = {
  checkpoints: 'checkpoints',
  text_encoders: 'clip',
  vae: 'vae',
  diffusion_models: 'diffusion_models',
  loras: 'loras',
};

export const filesOf: { [input: string]: RegExp } = {
  'LoadImage.image': /\.(png|jpe?g|webp|gif|bmp|tiff?|avif)$/i,
  'LoadImageMask.image': /\.(png|jpe?g|webp|gif|bmp|tiff?|avif)$/i,
  'LoadAudio.audio': /\.(flac|mp3|opus|ogg|wav|m4a|aac|mp4|webm|mkv|mov)$/i,
  'LoadVideo.file': /\.(mp4|webm|mkv|mov|avi)$/i,
  'LoadLatent.latent': /\.latent$/i,
};

export function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return [];
    throw error;
  }
}
