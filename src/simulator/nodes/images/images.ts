import { PythonError } from '../../replica/python.ts';
import type { Inputs } from '../inputs.ts';
import type { NodeTable } from '../node.ts';
import { seededRandom } from '../random.ts';
import { ImageBatch, Mask } from '../values.ts';
import { mapBytes, mapFrames, sameSize, scale } from './pixels.ts';

function filled(width: number, height: number, count: number, color: number): ImageBatch {
  const rgb = [(color >> 16) & 255, (color >> 8) & 255, color & 255];
  const frame = new Uint8Array(width * height * 3);
  for (let index = 0; index < frame.length; index++) frame[index] = rgb[index % 3] ?? 0;
  return new ImageBatch(
    width,
    height,
    3,
    Array.from({ length: count }, () => frame),
  );
}

const blends: { [mode: string]: (a: number, b: number) => number } = {
  normal: (_a, b) => b,
  multiply: (a, b) => a * b,
  screen: (a, b) => 1 - (1 - a) * (1 - b),
  overlay: (a, b) => (a <= 0.5 ? 2 * a * b : 1 - 2 * (1 - a) * (1 - b)),
  soft_light: (a, b) => (b <= 0.5 ? a - (1 - 2 * b) * a * (1 - a) : a + (2 * b - 1) * (Math.sqrt(a) - a)),
  difference: (a, b) => Math.abs(a - b),
};

async function blend(inputs: Inputs): Promise<ImageBatch> {
  const first = inputs.image('image1');
  const given = inputs.image('image2');
  const second = sameSize(first, given) ? given : await scale(given, 'bicubic', first.width, first.height, 'center');
  const factor = inputs.number('blend_factor');
  const mode = blends[inputs.text('blend_mode')];
  if (!mode) throw new PythonError('ValueError', `Unsupported blend mode: ${inputs.text('blend_mode')}`);
  const frames = first.frames.map((frame, index) => {
    const other = second.frames[index % second.frames.length];
    return frame.map((byte, place) => {
      const a = byte / 255;
      const mixed = mode(a, (other?.[place] ?? 0) / 255);
      return Math.min(255, Math.max(0, Math.round((a * (1 - factor) + mixed * factor) * 255)));
    });
  });
  return new ImageBatch(first.width, first.height, first.channels, frames);
}

function addNoise(image: ImageBatch, seed: number, strength: number): ImageBatch {
  const random = seededRandom(`noise ${seed}`);
  return mapBytes(image, (byte) => {
    const gauss = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.min(255, Math.max(0, byte + gauss * strength * 255));
  });
}

function pad(image: ImageBatch, left: number, top: number, right: number, bottom: number): [ImageBatch, Mask] {
  const width = image.width + left + right;
  const height = image.height + top + bottom;
  const mask = new Uint8Array(width * height).fill(255);
  const frames = image.frames.map((frame) => {
    const wide = new Uint8Array(width * height * image.channels).fill(128);
    for (let row = 0; row < image.height; row++) {
      const from = row * image.width * image.channels;
      const at = (row + top) * width + left;
      wide.set(frame.subarray(from, from + image.width * image.channels), at * image.channels);
      mask.fill(0, at, at + image.width);
    }
    return wide;
  });
  return [new ImageBatch(width, height, image.channels, frames), new Mask(width, height, [mask])];
}

async function scaleKeepingRatio(image: ImageBatch, method: string, factor: number): Promise<ImageBatch> {
  return scale(
    image,
    method,
    Math.max(1, Math.round(image.width * factor)),
    Math.max(1, Math.round(image.height * factor)),
    'disabled',
  );
}

export const imageNodes: NodeTable = {
  EmptyImage: (inputs) => ({
    values: [
      filled(inputs.number('width'), inputs.number('height'), inputs.number('batch_size'), inputs.number('color')),
    ],
  }),
  ImageScale: async (inputs) => {
    const image = inputs.image('image');
    let width = inputs.number('width');
    let height = inputs.number('height');
    if (width === 0 && height === 0) return { values: [image] };
    if (width === 0) width = Math.max(1, Math.round((image.width * height) / image.height));
    if (height === 0) height = Math.max(1, Math.round((image.height * width) / image.width));
    return { values: [await scale(image, inputs.text('upscale_method'), width, height, inputs.text('crop'))] };
  },
  ImageScaleBy: async (inputs) => ({
    values: [await scaleKeepingRatio(inputs.image('image'), inputs.text('upscale_method'), inputs.number('scale_by'))],
  }),
  ImageScaleToTotalPixels: async (inputs) => {
    const image = inputs.image('image');
    const factor = Math.sqrt((inputs.number('megapixels') * 1024 * 1024) / (image.width * image.height));
    return { values: [await scaleKeepingRatio(image, inputs.text('upscale_method'), factor)] };
  },
  ImageInvert: (inputs) => ({ values: [mapBytes(inputs.image('image'), (byte) => 255 - byte)] }),
  ImageBlur: async (inputs, context) => {
    const image = inputs.image('image');
    await context.pause((image.width * image.height * image.frames.length) / 400);
    return { values: [await mapFrames(image, (frame) => frame.blur(Math.max(0.3, inputs.number('sigma'))))] };
  },
  ImageSharpen: async (inputs) => {
    const sigma = Math.max(0.01, inputs.number('sigma'));
    return {
      values: [await mapFrames(inputs.image('image'), (frame) => frame.sharpen({ sigma, m2: inputs.number('alpha') }))],
    };
  },
  ImageBlend: async (inputs) => ({ values: [await blend(inputs)] }),
  ImageAddNoise: (inputs) => ({
    values: [addNoise(inputs.image('image'), inputs.number('seed'), inputs.number('strength'))],
  }),
  ImageBatch: async (inputs) => {
    const first = inputs.image('image1');
    const given = inputs.image('image2');
    const second = sameSize(first, given) ? given : await scale(given, 'bilinear', first.width, first.height, 'center');
    return { values: [new ImageBatch(first.width, first.height, first.channels, [...first.frames, ...second.frames])] };
  },
  RepeatImageBatch: (inputs) => {
    const image = inputs.image('image');
    const frames = Array.from({ length: inputs.number('amount') }, () => image.frames).flat();
    return { values: [new ImageBatch(image.width, image.height, image.channels, frames)] };
  },
  ImageFromBatch: (inputs) => {
    const image = inputs.image('image');
    const start = Math.min(image.frames.length - 1, inputs.number('batch_index'));
    const frames = image.frames.slice(start, start + inputs.number('length'));
    return { values: [new ImageBatch(image.width, image.height, image.channels, frames)] };
  },
  ImageCrop: async (inputs) => {
    const image = inputs.image('image');
    const left = Math.min(inputs.number('x'), image.width - 1);
    const top = Math.min(inputs.number('y'), image.height - 1);
    const width = Math.min(inputs.number('width'), image.width - left);
    const height = Math.min(inputs.number('height'), image.height - top);
    return { values: [await mapFrames(image, (frame) => frame.extract({ left, top, width, height }))] };
  },
  ImageFlip: async (inputs) => {
    const upright = inputs.text('flip_method').startsWith('x');
    return { values: [await mapFrames(inputs.image('image'), (frame) => (upright ? frame.flip() : frame.flop()))] };
  },
  ImagePadForOutpaint: (inputs) => ({
    values: pad(
      inputs.image('image'),
      inputs.number('left'),
      inputs.number('top'),
      inputs.number('right'),
      inputs.number('bottom'),
    ),
  }),
  GetImageSize: (inputs, context) => {
    const { width, height, frames } = inputs.image('image');
    context.sendText(`width: ${width}, height: ${height}\n batch size: ${frames.length}`);
    return { values: [width, height, frames.length] };
  },
};
