import { describe, expect, test } from 'vitest';
import { checkModels, type ModelFile, neededModels } from './needed-models.ts';

const node = (class_type: string, inputs: Record<string, unknown>) => ({ class_type, inputs });
const file = (folder: string, name: string): ModelFile => ({ folder, name, bytes: 1 });

describe('what a graph loads', () => {
  test.each([
    ['CheckpointLoaderSimple', { ckpt_name: 'a.safetensors' }, 'checkpoints'],
    ['UNETLoader', { unet_name: 'a.safetensors', weight_dtype: 'default' }, 'diffusion_models'],
    ['VAELoader', { vae_name: 'a.safetensors' }, 'vae'],
    ['CLIPLoader', { clip_name: 'a.safetensors', type: 'flux2' }, 'text_encoders'],
    ['CLIPVisionLoader', { clip_name: 'a.safetensors' }, 'clip_vision'],
    ['LoraLoaderModelOnly', { lora_name: 'a.safetensors', strength_model: 1 }, 'loras'],
    ['ControlNetLoader', { control_net_name: 'a.safetensors' }, 'controlnet'],
    ['UpscaleModelLoader', { model_name: 'a.pth' }, 'upscale_models'],
    ['StyleModelLoader', { style_model_name: 'a.safetensors' }, 'style_models'],
    ['AudioEncoderLoader', { audio_encoder_name: 'a.safetensors' }, 'audio_encoders'],
  ])('%s', (class_type, inputs, folder) => {
    const needed = neededModels({ '1': node(class_type, inputs) });
    expect(needed).toHaveLength(1);
    expect(needed[0]?.folders?.[0]).toBe(folder);
    expect(needed[0]?.loaders).toEqual([class_type]);
  });

  test('each once, without what is built in, linked, or no model', () => {
    const graph = {
      '1': node('VAELoader', { vae_name: 'pixel_space' }),
      '2': node('VAELoader', { vae_name: 'taesd' }),
      '3': node('CLIPTextEncode', { text: 'a photo called film' }),
      '4': node('DualCLIPLoader', { clip_name1: 'l.safetensors', clip_name2: 't5.safetensors' }),
      '5': node('CLIPLoader', { clip_name: 'sub\\l.safetensors' }),
      '6': node('CLIPLoader', { clip_name: 'l.safetensors' }),
      '7': node('SomebodysLoader', { which: 'own.gguf' }),
      '8': node('LoraLoader', { lora_name: ['7', 0] }),
    };
    expect(neededModels(graph)).toEqual([
      { name: 'l.safetensors', folders: ['text_encoders', 'clip'], loaders: ['DualCLIPLoader', 'CLIPLoader'] },
      { name: 't5.safetensors', folders: ['text_encoders', 'clip'], loaders: ['DualCLIPLoader'] },
      { name: 'sub/l.safetensors', folders: ['text_encoders', 'clip'], loaders: ['CLIPLoader'] },
      { name: 'own.gguf', folders: null, loaders: ['SomebodysLoader'] },
    ]);
  });
});

describe('against what is there', () => {
  const archives = [
    file('diffusion_models', 'flux2-klein-9b.safetensors'),
    file('loras', 'flux2-klein.safetensors'),
    file('clip', 't5.safetensors'),
    file('vae', 'wan_2.1_vae.safetensors'),
  ];
  const need = (name: string, ...folders: string[]) => ({
    name,
    folders: folders.length > 0 ? folders : null,
    loaders: [],
  });

  test('it is found in the usual folder, in the old one, and anywhere where the loader is unknown', () => {
    for (const [needed, folder] of [
      [need('wan_2.1_vae.safetensors', 'vae'), 'vae'],
      [need('t5.safetensors', 'text_encoders', 'clip'), 'clip'],
      [need('wan_2.1_vae.safetensors'), 'vae'],
    ] as const)
      expect(checkModels([needed], archives)[0]?.found?.folder).toBe(folder);
  });

  test('what is missing comes with what may be meant, the same name in a wrong folder first', () => {
    const [missing] = checkModels([need('flux2-klein.safetensors', 'diffusion_models', 'unet')], archives);
    expect(missing?.found).toBeNull();
    expect(missing?.near.map(({ folder, name }) => `${folder}/${name}`)).toEqual([
      'loras/flux2-klein.safetensors',
      'diffusion_models/flux2-klein-9b.safetensors',
    ]);
    expect(checkModels([need('zzz.safetensors', 'vae')], archives)[0]?.near).toEqual([]);
  });
});
