import { open } from 'node:fs/promises';
import { z } from 'zod';
import { PICTURE_SIZES } from '#src/domain/formats/pictures/picture-size.ts';
import { type Measuring, Window } from '#src/domain/formats/reading/window.ts';
import type { Conversion } from '#src/ports/comfyui/viewed.ts';
import type { Sheets } from '#src/ports/files/archives.ts';
import { answer } from './answer.ts';
import { createPictureProcesses } from './picture-processes.ts';

const { make, prepare } = createPictureProcesses();
export const preparePictures = prepare;

const bytes = z.instanceof(Uint8Array);
const measures = z.object({ width: z.number(), height: z.number(), duration: z.number().nullable() });

async function measured(file: string, measure: (window: Window) => Measuring) {
  const handle = await open(file);
  try {
    return await answer(handle, measure(new Window((await handle.stat()).size)));
  } finally {
    await handle.close();
  }
}

/** Duration in seconds, of animations only. */
export async function measurePicture(file: string, mime: string): Promise<z.infer<typeof measures>> {
  const measure = PICTURE_SIZES.get(mime);
  if (!measure) return measures.parse(await make({ type: 'measure', file }));
  const size = await measured(file, measure);
  if (!size) throw new Error('This picture does not state its size.');
  return { ...size, duration: null };
}

/** A small WebP of a picture; the first frame of an animation. */
export const shrinkPicture = async (picture: string | Uint8Array, signal?: AbortSignal): Promise<Uint8Array> =>
  bytes.parse(await make({ type: 'shrink', picture }, signal));

export const packPicture = async (picture: Uint8Array, signal?: AbortSignal): Promise<Uint8Array> =>
  bytes.parse(await make({ type: 'pack', picture }, signal));

/** A picture in another format, or some of its channels. */
export const convertPicture = async (file: string, how: Conversion, signal?: AbortSignal): Promise<Uint8Array> =>
  bytes.parse(await make({ type: 'convert', file, ...how }, signal));

/** The colours of one picture with the transparency of another. */
export const maskPicture = async (file: string, mask: Uint8Array): Promise<Uint8Array> =>
  bytes.parse(await make({ type: 'mask', file, mask }));

export const drawSheet: Sheets['draw'] = async ({ title, note, pictures }) =>
  bytes.parse(await make({ type: 'sheet', sheet: { title, note, pictures: [...pictures] } }));
