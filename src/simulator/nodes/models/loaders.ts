import type { Inputs } from '../inputs.ts';
import type { NodeContext, NodeResult, NodeTable } from '../node.ts';
import { Conditioning, Loaded } from '../values.ts';

/** The first load of a model in a process takes a while, as from a shared disk. */
async function load(type: string, name: string, seconds: number, context: NodeContext): Promise<Loaded> {
  if (context.firstUse(`${type} ${name}`)) await context.pause(seconds * 1000);
  return new Loaded(type, name);
}

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

/** Models and text encoders, simulated: they take as long, and pass on names and texts. */
export const loaderNodes: NodeTable = {
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
};
