import { PythonError } from '../../replica/python.ts';
import { renderScene } from '../images/picture.ts';
import { asSharp, scale } from '../images/pixels.ts';
import type { Inputs } from '../inputs.ts';
import type { NodeContext, NodeResult, NodeTable } from '../node.ts';
import { Conditioning, type Dream, Guider, ImageBatch, Latent, Loaded, Noise, Sigmas } from '../values.ts';

/** One step for 512 x 512 on a warm worker; 20 of them take six seconds. */
const msPerStep = 300;

async function sample(latent: Latent, dream: Dream, steps: number, context: NodeContext): Promise<NodeResult> {
  const area = (latent.width * latent.height) / (512 * 512);
  const stepMs = msPerStep * area * latent.batch * (1 + (latent.frames - 1) / 16);
  for (let step = 1; step <= steps; step++) {
    await context.pause(stepMs);
    await context.progress(step, steps, null);
  }
  return { values: [new Latent(latent, dream, latent.base)] };
}

/** Reading a model takes a while the first time in a process, as it does from a shared disk. */
async function load(type: string, name: string, seconds: number, context: NodeContext): Promise<Loaded> {
  if (context.firstUse(`${type} ${name}`)) await context.pause(seconds * 1000);
  return new Loaded(type, name);
}

function emptyLatent(inputs: Inputs, frames: number): NodeResult {
  const size = { width: inputs.number('width'), height: inputs.number('height') };
  return { values: [new Latent({ ...size, batch: inputs.number('batch_size', 1), frames }, null, null)] };
}

const still = (inputs: Inputs): NodeResult => emptyLatent(inputs, 1);
const moving = (inputs: Inputs): NodeResult => emptyLatent(inputs, inputs.number('length'));

async function imageToVideo(inputs: Inputs, imageInput: string): Promise<NodeResult> {
  const [width, height] = [inputs.number('width'), inputs.number('height')];
  const start = inputs.get(imageInput) === undefined ? null : inputs.image(imageInput);
  const base = start && (await scale(start, 'bilinear', width, height, 'center'));
  const size = { width, height, batch: inputs.number('batch_size', 1), frames: inputs.number('length') };
  return { values: [inputs.conditioning('positive'), inputs.conditioning('negative'), new Latent(size, null, base)] };
}

async function mix(
  picture: Uint8Array,
  width: number,
  height: number,
  base: ImageBatch,
  index: number,
  share: number,
): Promise<Uint8Array> {
  const frame = base.frames[index % base.frames.length];
  if (!frame) return picture;
  const fitted = await asSharp(base, frame).resize(width, height, { fit: 'fill' }).removeAlpha().raw().toBuffer();
  return picture.map((byte, place) => Math.round(byte * share + (fitted[place] ?? 0) * (1 - share)));
}

/** Where no sampler ran: the picture that was encoded, or the flat tone of an empty latent. */
async function decode(latent: Latent): Promise<ImageBatch> {
  const { width, height, dream, base } = latent;
  const count = latent.batch * latent.frames;
  const frames: Uint8Array[] = [];
  for (let index = 0; index < count; index++) {
    const blank = new Uint8Array(width * height * 3).fill(116);
    if (!dream) {
      frames.push(base ? await mix(blank, width, height, base, index, 0) : blank);
      continue;
    }
    const frame = index % latent.frames;
    const variant = { ...dream, seed: dream.seed + Math.floor(index / latent.frames) };
    const time = latent.frames === 1 ? 0 : frame / (latent.frames - 1);
    const picture = await renderScene(variant, width, height, time);
    const share = latent.frames > 1 ? Math.min(1, 0.25 + time * 0.5) : dream.denoise;
    frames.push(base && share < 1 ? await mix(picture, width, height, base, index, share) : picture);
  }
  return new ImageBatch(width, height, 3, frames);
}

function encode(image: ImageBatch): Latent {
  const size = { width: image.width - (image.width % 8), height: image.height - (image.height % 8) };
  if (size.width === 0 || size.height === 0) throw new PythonError('RuntimeError', 'The image is too small to encode.');
  return new Latent({ ...size, batch: image.frames.length, frames: 1 }, null, image);
}

const dreamOf = (inputs: Inputs, seedInput: string, denoise: number): Dream => ({
  prompt: inputs.conditioning('positive').text,
  seed: inputs.number(seedInput),
  steps: inputs.number('steps'),
  denoise,
});

const encodeText =
  (...names: string[]) =>
  (inputs: Inputs): NodeResult => {
    const texts = names.map((name) => inputs.text(name, '')).filter((text) => text !== '');
    return { values: [new Conditioning([...new Set(texts)].join(' '))] };
  };

const loader =
  (type: string, input: string, seconds: number): NodeTable[string] =>
  async (inputs, context) => ({
    values: [await load(type, inputs.text(input), seconds, context)],
  });

/** Nodes of a diffusion model, without one: they take its time and hand on prompt, seed and size. */
export const samplingNodes: NodeTable = {
  CheckpointLoaderSimple: async (inputs, context) => {
    const name = inputs.text('ckpt_name');
    const model = await load('MODEL', name, 4, context);
    return { values: [model, new Loaded('CLIP', name), new Loaded('VAE', name)] };
  },
  UNETLoader: loader('MODEL', 'unet_name', 5),
  CLIPLoader: loader('CLIP', 'clip_name', 2),
  DualCLIPLoader: loader('CLIP', 'clip_name1', 2.5),
  TripleCLIPLoader: loader('CLIP', 'clip_name1', 3),
  VAELoader: loader('VAE', 'vae_name', 0.5),
  CLIPVisionLoader: loader('CLIP_VISION', 'clip_name', 1),
  UpscaleModelLoader: loader('UPSCALE_MODEL', 'model_name', 0.5),
  CLIPTextEncode: encodeText('text'),
  CLIPTextEncodeFlux: encodeText('clip_l', 't5xxl'),
  CLIPTextEncodeSDXL: encodeText('text_g', 'text_l'),
  CLIPTextEncodeSD3: encodeText('clip_l', 'clip_g', 't5xxl'),
  ConditioningZeroOut: () => ({ values: [new Conditioning('')] }),
  ConditioningCombine: (inputs) => {
    const texts = [inputs.conditioning('conditioning_1').text, inputs.conditioning('conditioning_2').text];
    return { values: [new Conditioning(texts.join(' '))] };
  },
  ConditioningConcat: (inputs) => {
    const texts = [inputs.conditioning('conditioning_to').text, inputs.conditioning('conditioning_from').text];
    return { values: [new Conditioning(texts.join(' '))] };
  },
  EmptyLatentImage: still,
  EmptySD3LatentImage: still,
  EmptyHunyuanImageLatent: still,
  EmptyHunyuanLatentVideo: moving,
  EmptyLTXVLatentVideo: moving,
  EmptyCosmosLatentVideo: moving,
  EmptyMochiLatentVideo: moving,
  WanImageToVideo: (inputs) => imageToVideo(inputs, 'start_image'),
  Wan22ImageToVideoLatent: async (inputs) => {
    const start = inputs.get('start_image') === undefined ? null : inputs.image('start_image');
    const [width, height] = [inputs.number('width'), inputs.number('height')];
    const base = start && (await scale(start, 'bilinear', width, height, 'center'));
    return {
      values: [
        new Latent(
          { width, height, batch: inputs.number('batch_size', 1), frames: inputs.number('length') },
          null,
          base,
        ),
      ],
    };
  },
  KSampler: (inputs, context) => {
    const latent = inputs.latent('latent_image');
    inputs.loaded('model');
    const denoise = inputs.number('denoise');
    return sample(latent, dreamOf(inputs, 'seed', denoise), inputs.number('steps'), context);
  },
  KSamplerAdvanced: (inputs, context) => {
    const latent = inputs.latent('latent_image');
    inputs.loaded('model');
    const [start, end] = [
      inputs.number('start_at_step'),
      Math.min(inputs.number('steps'), inputs.number('end_at_step')),
    ];
    const denoise = inputs.number('steps') > 0 ? 1 - start / inputs.number('steps') : 1;
    // A second sampler goes on with the picture of the first.
    const dream = latent.dream ?? dreamOf(inputs, 'noise_seed', denoise);
    return sample(latent, dream, Math.max(1, end - start), context);
  },
  RandomNoise: (inputs) => ({ values: [new Noise(inputs.number('noise_seed'))] }),
  KSamplerSelect: (inputs) => ({ values: [new Loaded('SAMPLER', inputs.text('sampler_name'))] }),
  BasicScheduler: (inputs) => ({ values: [new Sigmas(inputs.number('steps'))] }),
  BasicGuider: (inputs) => ({ values: [new Guider(inputs.conditioning('conditioning'))] }),
  CFGGuider: (inputs) => ({ values: [new Guider(inputs.conditioning('positive'))] }),
  SamplerCustomAdvanced: async (inputs, context) => {
    const { steps } = inputs.sigmas('sigmas');
    const dream = {
      prompt: inputs.guider('guider').conditioning.text,
      seed: inputs.noise('noise').seed,
      steps,
      denoise: 1,
    };
    const { values } = await sample(inputs.latent('latent_image'), dream, steps, context);
    return { values: [...values, ...values] };
  },
  VAEDecode: async (inputs) => ({ values: [await decode(inputs.latent('samples'))] }),
  VAEDecodeTiled: async (inputs) => ({ values: [await decode(inputs.latent('samples'))] }),
  VAEEncode: (inputs) => ({ values: [encode(inputs.image('pixels'))] }),
  LatentUpscale: (inputs) => {
    const latent = inputs.latent('samples');
    const size = { width: inputs.number('width') || latent.width, height: inputs.number('height') || latent.height };
    return { values: [new Latent({ ...latent, ...size }, latent.dream, latent.base)] };
  },
  LatentUpscaleBy: (inputs) => {
    const latent = inputs.latent('samples');
    const by = (length: number): number => Math.round((length * inputs.number('scale_by')) / 8) * 8;
    const size = { width: by(latent.width), height: by(latent.height) };
    return { values: [new Latent({ ...latent, ...size }, latent.dream, latent.base)] };
  },
  ImageUpscaleWithModel: async (inputs, context) => {
    const image = inputs.image('image');
    await context.pause(1000);
    return { values: [await scale(image, 'lanczos', image.width * 4, image.height * 4, 'disabled')] };
  },
};

const handOn =
  (...names: string[]): NodeTable[string] =>
  (inputs) => ({ values: names.map((name) => inputs.get(name) ?? null) });

/** Nodes that tune what they are given; here they hand it on as it is. */
export const tuningNodes: NodeTable = {
  LoraLoader: handOn('model', 'clip'),
  LoraLoaderModelOnly: handOn('model'),
  CLIPSetLastLayer: handOn('clip'),
  ModelSamplingSD3: handOn('model'),
  ModelSamplingFlux: handOn('model'),
  ModelSamplingAuraFlow: handOn('model'),
  CFGNorm: handOn('model'),
  FreeU_V2: handOn('model'),
  RescaleCFG: handOn('model'),
  FluxGuidance: handOn('conditioning'),
  ConditioningSetTimestepRange: handOn('conditioning'),
  ConditioningSetArea: handOn('conditioning'),
};
