import path from 'node:path';
import { apngPieces, encodePng, pngPieces } from '../../media/png.ts';
import { maskToImage } from '../images/masks.ts';
import { metadataEntries } from '../metadata.ts';
import type { NodeContext, NodeResult, NodeTable } from '../node.ts';
import { numbered, type OutputPlace } from '../output-path.ts';
import type { ImageBatch } from '../values.ts';

export type SavedFile = { filename: string; subfolder: string; type: string };

const letters = 'abcdefghijklmnopqrstupvxyz';

/** Previews go to the temp directory under a prefix of their own. */
export const temporaryName = (prefix: string): string =>
  `${prefix}_temp_${Array.from({ length: 5 }, () => letters[Math.floor(Math.random() * letters.length)]).join('')}`;

export const temporaryPrefix = (): string => temporaryName('ComfyUI');

/** One frame as the PNG with this index. */
export async function saveFrame(
  images: ImageBatch,
  frame: number,
  place: OutputPlace,
  index: number,
  context: NodeContext,
  type: 'output' | 'temp' = 'output',
): Promise<SavedFile> {
  const filename = numbered(place, index, 'png');
  const bytes = images.frames[frame] ?? new Uint8Array();
  const pieces = pngPieces(images, bytes, metadataEntries(context.metadata), type === 'output' ? 4 : 1);
  await context.writeFile(path.join(place.folder, filename), pieces, 7);
  return { filename, subfolder: place.subfolder, type };
}

export async function savePngs(
  images: ImageBatch,
  prefix: string,
  type: 'output' | 'temp',
  context: NodeContext,
): Promise<NodeResult> {
  const place = await context.place(prefix, type, images.width, images.height);
  const saved = [];
  for (const index of images.frames.keys()) saved.push(await saveFrame(images, index, place, index, context, type));
  return { values: [], ui: { images: saved } };
}

export const saveImageNodes: NodeTable = {
  SaveImage: (inputs, context) =>
    savePngs(inputs.image('images'), inputs.text('filename_prefix', 'ComfyUI'), 'output', context),
  PreviewImage: (inputs, context) => savePngs(inputs.image('images'), temporaryPrefix(), 'temp', context),
  MaskPreview: (inputs, context) => savePngs(maskToImage(inputs.mask('mask')), temporaryPrefix(), 'temp', context),
  SaveAnimatedPNG: async (inputs, context) => {
    const images = inputs.image('images');
    const place = await context.place(inputs.text('filename_prefix'), 'output', images.width, images.height);
    const filename = `${place.base}_${String(place.counter).padStart(5, '0')}_.png`;
    const entries = metadataEntries(context.metadata);
    const pieces = apngPieces(images, inputs.number('fps'), entries, inputs.number('compress_level'));
    await context.writeFile(path.join(place.folder, filename), pieces, 7);
    return { values: [], ui: { images: [{ filename, subfolder: place.subfolder, type: 'output' }], animated: [true] } };
  },
  SaveImageWebsocket: async (inputs, context) => {
    const images = inputs.image('images');
    for (const [index, frame] of images.frames.entries()) {
      await context.progress(index, images.frames.length, { type: 'PNG', bytes: await encodePng(images, frame) });
    }
    return { values: [] };
  },
};
