import { PythonError } from '../../replica/python.ts';
import { renderScene } from '../images/picture.ts';
import { asSharp, scale } from '../images/pixels.ts';
import type { Inputs } from '../inputs.ts';
import type { NodeResult, NodeTable } from '../node.ts';
import { ImageBatch, Latent } from '../values.ts';

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

/** From size or picture to latent, and back. */
export const latentImageNodes: NodeTable = {
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
