import type { NodeTable } from '../node.ts';
import { ImageBatch, Mask } from '../values.ts';

export function maskToImage(mask: Mask): ImageBatch {
  const frames = mask.frames.map((frame) => {
    const bytes = new Uint8Array(frame.length * 3);
    for (const [index, value] of frame.entries()) bytes.fill(value, index * 3, index * 3 + 3);
    return bytes;
  });
  return new ImageBatch(mask.width, mask.height, 3, frames);
}

const channels: { [name: string]: number } = { red: 0, green: 1, blue: 2, alpha: 3 };

function imageToMask(image: ImageBatch, channel: string): Mask {
  const offset = channels[channel] ?? 0;
  const frames = image.frames.map((frame) => {
    const bytes = new Uint8Array(image.width * image.height);
    for (let index = 0; index < bytes.length; index++) {
      bytes[index] = offset < image.channels ? (frame[index * image.channels + offset] ?? 0) : 255;
    }
    return bytes;
  });
  return new Mask(image.width, image.height, frames);
}

export const maskNodes: NodeTable = {
  SolidMask: (inputs) => {
    const width = inputs.number('width');
    const height = inputs.number('height');
    const frame = new Uint8Array(width * height).fill(Math.round(inputs.number('value') * 255));
    return { values: [new Mask(width, height, [frame])] };
  },
  InvertMask: (inputs) => {
    const mask = inputs.mask('mask');
    return {
      values: [
        new Mask(
          mask.width,
          mask.height,
          mask.frames.map((frame) => frame.map((value) => 255 - value)),
        ),
      ],
    };
  },
  MaskToImage: (inputs) => ({ values: [maskToImage(inputs.mask('mask'))] }),
  ImageToMask: (inputs) => ({ values: [imageToMask(inputs.image('image'), inputs.text('channel'))] }),
};
