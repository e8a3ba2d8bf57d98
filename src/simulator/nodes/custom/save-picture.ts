import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pngPieces } from '../../media/png.ts';
import { fileError, type JsonObject } from '../../replica/python.ts';
import { asSharp } from '../images/pixels.ts';
import { metadataEntries } from '../metadata.ts';
import type { NodeContext } from '../node.ts';
import { link } from '../node-class.ts';
import { isInside } from '../output-path.ts';
import type { ImageBatch } from '../values.ts';

export const two = (value: number): string => String(value).padStart(2, '0');

/** The part of Python's strftime that people put into names. */
export function formatted(format: string): string {
  const now = new Date();
  const parts: { [code: string]: string } = {
    Y: String(now.getFullYear()),
    y: two(now.getFullYear() % 100),
    m: two(now.getMonth() + 1),
    d: two(now.getDate()),
    H: two(now.getHours()),
    M: two(now.getMinutes()),
    S: two(now.getSeconds()),
  };
  return format.replace(/%(\w)/g, (whole, code: string) => parts[code] ?? whole);
}

export async function encoded(
  batch: ImageBatch,
  frame: Uint8Array,
  extension: string,
  context: NodeContext,
): Promise<Buffer> {
  if (extension === 'jpg' || extension === 'jpeg') return asSharp(batch, frame).jpeg().toBuffer();
  if (extension === 'webp') return asSharp(batch, frame).webp({ lossless: true }).toBuffer();
  if (extension === 'tiff') return asSharp(batch, frame).tiff().toBuffer();
  if (extension === 'gif') return asSharp(batch, frame).gif().toBuffer();
  const pieces: Buffer[] = [];
  for await (const piece of pngPieces(batch, frame, metadataEntries(context.metadata), 4)) pieces.push(piece);
  return Buffer.concat(pieces);
}

export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw fileError(error, folder);
  });
}

/** What these nodes report about a file: nothing checks that it is in the output directory. */
export const saved = (folder: string, filename: string, { outputs }: NodeContext): JsonObject => ({
  filename,
  subfolder: isInside(outputs, folder) ? path.relative(outputs, folder) : folder,
  type: 'output',
});

export const images = { images: link('IMAGE') };
