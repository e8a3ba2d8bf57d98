import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomGraph } from './fixtures/random-graph.ts';
import recorded from './fixtures/recorded-prompts.json' with { type: 'json' };
import { type Graph, parseGraph } from './graph.ts';
import { type MadeWith, madeWith } from './made-with.ts';
import { saveNodeIds } from './save-nodes.ts';

const node = (class_type: string, inputs: Record<string, unknown>) => ({ class_type, inputs });
const NOTHING: MadeWith = {
  prompt: null,
  negative: null,
  model: null,
  loras: [],
  sampler: null,
  scheduler: null,
  steps: null,
  cfg: null,
  seed: null,
  width: null,
  height: null,
  frames: null,
};
const picture = { vae: node('VAELoader', { vae_name: 'ae.sft' }), save: node('SaveImage', { images: ['decode', 0], filename_prefix: 'x' }) };
const decode = (samples: unknown) => node('VAEDecode', { samples, vae: ['vae', 0] });
const encode = (text: unknown) => node('CLIPTextEncode', { text, clip: ['clip', 0] });
const clip = node('CLIPLoader', { clip_name: 'umt5', type: 'wan' });
const sampling = { seed: 42, steps: 30, cfg: 7.5, sampler_name: 'dpmpp_2m', scheduler: 'karras', denoise: 1 };

const { seed: _, ...advanced } = sampling;

const sdxl: Graph = {
  ...picture,
  '4': node('CheckpointLoaderSimple', { ckpt_name: 'sd_xl_base_1.0.safetensors' }),
  lora: node('LoraLoader', { lora_name: 'grain.safetensors', strength_model: 0.8, model: ['4', 0], clip: ['4', 1] }),
  lora2: node('LoraLoaderModelOnly', { lora_name: 'lens.safetensors', strength_model: 1, model: ['lora', 0] }),
  '5': node('EmptyLatentImage', { width: 1152, height: 896, batch_size: 2 }),
  '6': node('CLIPTextEncodeSDXL', { text_g: 'a lighthouse ', text_l: 'fog', width: 4096, height: 4096, clip: ['lora', 1] }),
  '7': node('CLIPTextEncode', { text: 'blurry', clip: ['lora', 1] }),
  '3': node('KSampler', { ...sampling, model: ['lora2', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['5', 0] }),
  decode: decode(['3', 0]),
};

const flux: Graph = {
  ...picture,
  model: node('UNETLoader', { unet_name: 'flux1-dev.safetensors', weight_dtype: 'default' }),
  text: node('CLIPTextEncodeFlux', { clip: ['clip', 0], clip_l: 'lighthouse', t5xxl: 'a lighthouse in fog', guidance: 3.5 }),
  noise: node('RandomNoise', { noise_seed: 7 }),
  guider: node('BasicGuider', { model: ['model', 0], conditioning: ['text', 0] }),
  sampler: node('KSamplerSelect', { sampler_name: 'euler' }),
  sigmas: node('BasicScheduler', { model: ['model', 0], scheduler: 'simple', steps: 20, denoise: 1 }),
  latent: node('EmptySD3LatentImage', { width: 1024, height: 576, batch_size: 1 }),
  run: node('SamplerCustomAdvanced', { noise: ['noise', 0], guider: ['guider', 0], sampler: ['sampler', 0], sigmas: ['sigmas', 0], latent_image: ['latent', 0] }),
  decode: decode(['run', 0]),
};
const fluxMade = { ...NOTHING, prompt: 'a lighthouse in fog', model: 'flux1-dev.safetensors', sampler: 'euler', scheduler: 'simple', steps: 20, cfg: 3.5, seed: 7, width: 1024, height: 576 };

const fluxGuidance: Graph = {
  ...flux,
  text: encode('a lighthouse at dawn'),
  guidance: node('FluxGuidance', { conditioning: ['text', 0], guidance: 4 }),
  guider: node('BasicGuider', { model: ['model', 0], conditioning: ['guidance', 0] }),
};

/** The usual Flux workflow without a negative prompt. */
const zeroed: Graph = {
  ...picture,
  model: node('UNETLoader', { unet_name: 'flux1-dev.safetensors' }),
  text: encode('a lighthouse'),
  zero: node('ConditioningZeroOut', { conditioning: ['text', 0] }),
  latent: node('EmptySD3LatentImage', { width: 512, height: 512, batch_size: 1 }),
  run: node('KSampler', { ...sampling, cfg: 1, model: ['model', 0], positive: ['text', 0], negative: ['zero', 0], latent_image: ['latent', 0] }),
  decode: decode(['run', 0]),
};

const sd3: Graph = {
  ...picture,
  model: node('CheckpointLoaderSimple', { ckpt_name: 'sd3.5_large.safetensors' }),
  shift: node('ModelSamplingSD3', { shift: 3, model: ['model', 0] }),
  positive: node('CLIPTextEncodeSD3', { clip_l: '', clip_g: 'a pier', t5xxl: '', empty_padding: 'none', clip: ['model', 1] }),
  text: node('CLIPTextEncode', { text: 'grainy', clip: ['model', 1] }),
  zero: node('ConditioningZeroOut', { conditioning: ['text', 0] }),
  late: node('ConditioningSetTimestepRange', { start: 0.1, end: 1, conditioning: ['zero', 0] }),
  early: node('ConditioningSetTimestepRange', { start: 0, end: 0.1, conditioning: ['text', 0] }),
  negative: node('ConditioningCombine', { conditioning_1: ['late', 0], conditioning_2: ['early', 0] }),
  latent: node('EmptySD3LatentImage', { width: ['side', 0], height: ['side', 0], batch_size: 1 }),
  side: node('PrimitiveInt', { value: 1024 }),
  run: node('KSampler', { ...sampling, seed: ['seed', 0], model: ['shift', 0], positive: ['positive', 0], negative: ['negative', 0], latent_image: ['latent', 0] }),
  seed: node('PrimitiveInt', { value: 99 }),
  decode: decode(['run', 0]),
};

const wan = {
  vae: picture.vae,
  clip,
  model: node('UNETLoader', { unet_name: 'wan2.1_t2v_14B.safetensors' }),
  shift: node('ModelSamplingSD3', { shift: 8, model: ['model', 0] }),
  good: encode('a fox runs'),
  bad: encode('still frame'),
  decode: decode(['run', 0]),
  video: node('CreateVideo', { images: ['decode', 0], fps: 16 }),
  save: node('SaveVideo', { video: ['video', 0], filename_prefix: 'wan', format: 'auto', codec: 'auto' }),
} satisfies Graph;
const size = { width: 832, height: 480, length: 81, batch_size: 1 };
const wanMade = { ...NOTHING, prompt: 'a fox runs', negative: 'still frame', model: 'wan2.1_t2v_14B.safetensors', sampler: 'dpmpp_2m', scheduler: 'karras', steps: 30, cfg: 7.5, seed: 42, width: 832, height: 480, frames: 81 };

const wanText: Graph = {
  ...wan,
  latent: node('EmptyHunyuanLatentVideo', size),
  run: node('KSampler', { ...sampling, model: ['shift', 0], positive: ['good', 0], negative: ['bad', 0], latent_image: ['latent', 0] }),
};

/** One node carries both prompts through. */
const wanImage: Graph = {
  ...wan,
  start: node('LoadImage', { image: 'fox.png' }),
  i2v: node('WanImageToVideo', { ...size, positive: ['good', 0], negative: ['bad', 0], vae: ['vae', 0], start_image: ['start', 0] }),
  run: node('KSampler', { ...sampling, model: ['shift', 0], positive: ['i2v', 0], negative: ['i2v', 1], latent_image: ['i2v', 2] }),
};

/** Two samplers; the second adds no noise, so its seed means nothing. */
const wanTwoStages: Graph = {
  ...wanImage,
  first: node('KSamplerAdvanced', { ...advanced, add_noise: 'enable', noise_seed: 42, model: ['shift', 0], positive: ['i2v', 0], negative: ['i2v', 1], latent_image: ['i2v', 2] }),
  run: node('KSamplerAdvanced', { ...advanced, add_noise: 'disable', noise_seed: 0, model: ['shift', 0], positive: ['i2v', 0], negative: ['i2v', 1], latent_image: ['first', 0] }),
};

const upscaled: Graph = {
  ...sdxl,
  upscaler: node('UpscaleModelLoader', { model_name: '4x-sharp.pth' }),
  up: node('ImageUpscaleWithModel', { upscale_model: ['upscaler', 0], image: ['decode', 0] }),
  save: node('SaveImage', { images: ['up', 0], filename_prefix: 'x' }),
};
const sdxlMade = { ...NOTHING, prompt: 'a lighthouse', negative: 'blurry', model: 'sd_xl_base_1.0.safetensors', loras: ['lens.safetensors', 'grain.safetensors'], sampler: 'dpmpp_2m', scheduler: 'karras', steps: 30, cfg: 7.5, seed: 42, width: 1152, height: 896 };

const CASES: [string, Graph, MadeWith][] = [
  ['SDXL with LoRAs', sdxl, sdxlMade],
  ['an upscaler behind it', upscaled, sdxlMade],
  ['only an upscaler', { load: node('LoadImage', { image: 'a.png' }), upscaler: upscaled.upscaler!, up: node('ImageUpscaleWithModel', { upscale_model: ['upscaler', 0], image: ['load', 0] }), save: upscaled.save! }, { ...NOTHING, model: '4x-sharp.pth' }],
  ['Flux with CLIPTextEncodeFlux', flux, fluxMade],
  ['Flux with FluxGuidance', fluxGuidance, { ...fluxMade, prompt: 'a lighthouse at dawn', cfg: 4 }],
  ['a negative that was zeroed out', zeroed, { ...NOTHING, prompt: 'a lighthouse', model: 'flux1-dev.safetensors', sampler: 'dpmpp_2m', scheduler: 'karras', steps: 30, cfg: 1, seed: 42, width: 512, height: 512 }],
  ['SD3 with linked values', sd3, { ...NOTHING, prompt: 'a pier', negative: 'grainy', model: 'sd3.5_large.safetensors', sampler: 'dpmpp_2m', scheduler: 'karras', steps: 30, cfg: 7.5, seed: 99, width: 1024, height: 1024 }],
  ['Wan, text to video', wanText, wanMade],
  ['Wan, image to video', wanImage, wanMade],
  ['Wan, two stages', wanTwoStages, wanMade],
];

test.each(CASES)('%s', (_, graph, made) => expect(madeWith(graph, 'save')).toEqual(made));

describe('prompts', () => {
  const read = (encoder: Graph[string], more: Graph = {}) =>
    madeWith({ ...more, text: encoder, run: node('KSampler', { positive: ['text', 0] }), save: node('SaveImage', { images: ['run', 0], filename_prefix: 'x' }) }, 'save').prompt;

  /** Every text encoder of ComfyUI 0.3.64 with its text inputs. */
  test.each([
    ['CLIPTextEncode', 'text'],
    ['CLIPTextEncodeSDXLRefiner', 'text'],
    ['CLIPTextEncodeSDXL', 'text_g'],
    ['CLIPTextEncodeSDXL', 'text_l'],
    ['CLIPTextEncodePixArtAlpha', 'text'],
    ['CLIPTextEncodeControlnet', 'text'],
    ['CLIPTextEncodeSD3', 't5xxl'],
    ['CLIPTextEncodeSD3', 'clip_g'],
    ['CLIPTextEncodeSD3', 'clip_l'],
    ['CLIPTextEncodeHunyuanDiT', 'bert'],
    ['CLIPTextEncodeHunyuanDiT', 'mt5xl'],
    ['TextEncodeHunyuanVideo_ImageToVideo', 'prompt'],
    ['CLIPTextEncodeFlux', 't5xxl'],
    ['CLIPTextEncodeFlux', 'clip_l'],
    ['CLIPTextEncodeLumina2', 'user_prompt'],
    ['CLIPTextEncodeHiDream', 't5xxl'],
    ['CLIPTextEncodeHiDream', 'llama'],
    ['TextEncodeAceStepAudio', 'tags'],
    ['TextEncodeQwenImageEdit', 'prompt'],
    ['TextEncodeQwenImageEditPlus', 'prompt'],
  ])('%s.%s', (classType, input) => expect(read(node(classType, { [input]: ' a boat\n' }))).toBe('a boat'));

  test.each([
    ['linked to a text node', read(encode(['words', 0]), { words: node('PrimitiveStringMultiline', { value: 'a boat' }) }), 'a boat'],
    ['linked to what cannot be known', read(encode(['words', 0]), { words: node('LLMPrompt', { idea: 'boat' }) }), null],
    ['empty', read(encode('  ')), null],
    ['no text encoder', read(node('ConditioningMagic', { text: 'a boat' })), null],
  ])('%s', (_, prompt, expected) => expect(prompt).toBe(expected));
});

test('tells only of what the save node hangs on', () => {
  const both: Graph = { ...sdxl, other: node('SaveImage', { images: ['load', 0], filename_prefix: 'y' }), load: node('LoadImage', { image: 'a.png' }) };
  expect(madeWith(both, 'other')).toEqual(NOTHING);
  expect(madeWith(both, 'gone')).toEqual(NOTHING);
});

test('never throws, and says nothing that is not in the graph', () => {
  const graphs = fc.oneof(randomGraph, fc.constantFrom(...recorded.filter(({ status }) => status === 200).map(({ prompt }) => parseGraph(prompt))));
  fc.assert(
    fc.property(graphs, (graph) => {
      const text = JSON.stringify(graph);
      for (const id of saveNodeIds(graph)) for (const value of Object.values(madeWith(graph, id)).flat()) if (value !== null) expect(text).toContain(String(value));
    }),
  );
});

test('the recorded pictures', () => {
  const made = recorded.filter(({ name }) => ['SaveImage', 'SaveLatent'].includes(name)).map(({ prompt }) => madeWith(parseGraph(prompt), '9'));
  expect(made).toEqual([
    { ...NOTHING, seed: 7, width: 64, height: 64 },
    { ...NOTHING, width: 64, height: 64 },
  ]);
});
