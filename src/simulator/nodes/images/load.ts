import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { annotatedPath } from '../../replica/input-files.ts';
import { fileError, PythonError, repr } from '../../replica/python.ts';
import type { NodeContext, NodeTable } from '../node.ts';
import { ImageBatch, Mask } from '../values.ts';

const openFrames = [
  '  File "/comfyui/nodes.py", line 1647, in load_image\n    <source line>\n',
  '  File "/comfyui/node_helpers.py", line 31, in pillow\n    <source line>\n',
  '  File "/python/site-packages/PIL/Image.py", line 3227, in open\n    <source line>\n',
];

async function readInput(name: string, context: NodeContext): Promise<Buffer> {
  const file = annotatedPath(name, context);
  try {
    return await readFile(file);
  } catch (error) {
    const raised = fileError(error, file);
    throw raised instanceof PythonError ? new PythonError(raised.type, raised.message, openFrames) : raised;
  }
}

type Picture = { width: number; height: number; rgba: Uint8Array };

async function openPicture(name: string, context: NodeContext): Promise<Picture> {
  const bytes = await readInput(name, context);
  try {
    const picture = sharp(bytes).rotate().toColourspace('srgb').ensureAlpha();
    const { data, info } = await picture.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, rgba: data };
  } catch {
    const file = repr(annotatedPath(name, context));
    throw new PythonError('PIL.UnidentifiedImageError', `cannot identify image file ${file}`, openFrames);
  }
}

function channel({ rgba }: Picture, index: number, invert: boolean): Uint8Array {
  const bytes = new Uint8Array(rgba.length / 4);
  for (let pixel = 0; pixel < bytes.length; pixel++) {
    const value = rgba[pixel * 4 + index] ?? 0;
    bytes[pixel] = invert ? 255 - value : value;
  }
  return bytes;
}

function rgb(picture: Picture): ImageBatch {
  const bytes = new Uint8Array((picture.rgba.length / 4) * 3);
  for (let pixel = 0; pixel * 3 < bytes.length; pixel++) {
    bytes.set(picture.rgba.subarray(pixel * 4, pixel * 4 + 3), pixel * 3);
  }
  return new ImageBatch(picture.width, picture.height, 3, [bytes]);
}

async function loadImage(name: string, context: NodeContext): Promise<[ImageBatch, Mask]> {
  const picture = await openPicture(name, context);
  const alpha = channel(picture, 3, true);
  // A picture without transparency gets an empty mask of 64 x 64, regardless of its own size.
  const mask = alpha.some((value) => value > 0)
    ? new Mask(picture.width, picture.height, [alpha])
    : new Mask(64, 64, [new Uint8Array(64 * 64)]);
  return [rgb(picture), mask];
}

const channelIndex: { [name: string]: number } = { red: 0, green: 1, blue: 2, alpha: 3 };

export const loadNodes: NodeTable = {
  LoadImage: async (inputs, context) => ({ values: await loadImage(inputs.text('image'), context) }),
  LoadImageOutput: async (inputs, context) => ({ values: await loadImage(inputs.text('image'), context) }),
  LoadImageMask: async (inputs, context) => {
    const picture = await openPicture(inputs.text('image'), context);
    const index = channelIndex[inputs.text('channel')] ?? 0;
    return { values: [new Mask(picture.width, picture.height, [channel(picture, index, index === 3)])] };
  },
};

const hashed = new Set([
  'LoadImage.image',
  'LoadImageMask.image',
  'LoadImageOutput.image',
  'LoadAudio.audio',
  'LoadLatent.latent',
]);

/** Hash of the input file of a load node; raises when the file is gone. */
export async function inputFileHash(
  classType: string,
  inputs: { [name: string]: unknown },
  folders: { inputs: string; outputs: string; temp: string },
): Promise<string | undefined> {
  for (const [name, value] of Object.entries(inputs)) {
    if (typeof value !== 'string' || !hashed.has(`${classType}.${name}`)) continue;
    return createHash('sha256')
      .update(await readFile(annotatedPath(value, folders)))
      .digest('hex');
  }
  // Its preview goes to the clients that are connected now, so it always runs.
  return classType === 'SaveImageWebsocket' ? String(process.hrtime.bigint()) : undefined;
}
