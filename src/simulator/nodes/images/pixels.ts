import sharp, { type Sharp } from 'sharp';
import { ImageBatch } from '../values.ts';

export const asSharp = (batch: ImageBatch, frame: Uint8Array): Sharp =>
  sharp(frame, { raw: { width: batch.width, height: batch.height, channels: batch.channels } });

/** The same change to every frame; it determines the size. */
export async function mapFrames(batch: ImageBatch, change: (frame: Sharp) => Sharp): Promise<ImageBatch> {
  const frames: Uint8Array[] = [];
  let { width, height } = batch;
  for (const frame of batch.frames) {
    const { data, info } = await change(asSharp(batch, frame)).raw().toBuffer({ resolveWithObject: true });
    frames.push(new Uint8Array(data.buffer, data.byteOffset, data.length));
    width = info.width;
    height = info.height;
  }
  return new ImageBatch(width, height, batch.channels, frames);
}

const kernels = {
  'nearest-exact': 'nearest',
  bilinear: 'linear',
  area: 'linear',
  bicubic: 'cubic',
  lanczos: 'lanczos3',
  bislerp: 'cubic',
} as const;

const isKernel = (method: string): method is keyof typeof kernels => method in kernels;

/** Scales as ComfyUI's common upscale does; "center" cuts to the new ratio first. */
export function scale(
  batch: ImageBatch,
  method: string,
  width: number,
  height: number,
  crop: string,
): Promise<ImageBatch> {
  const fit = crop === 'center' ? 'cover' : 'fill';
  const kernel = isKernel(method) ? kernels[method] : 'linear';
  return mapFrames(batch, (frame) => frame.resize(width, height, { fit, kernel, fastShrinkOnLoad: false }));
}

export const mapBytes = (batch: ImageBatch, change: (byte: number) => number): ImageBatch =>
  new ImageBatch(
    batch.width,
    batch.height,
    batch.channels,
    batch.frames.map((frame) => frame.map(change)),
  );

export const sameSize = (a: ImageBatch, b: ImageBatch): boolean => a.width === b.width && a.height === b.height;
