import sharp, { type Sharp } from 'sharp';
import type { Conversion } from '#src/ports/comfyui/viewed.ts';
import { MAX_PIXELS_AT_ONCE } from './picture-drawing.ts';

/** Whole in memory, and as stored: turned by nothing that it says of itself. */
function open(picture: string | Uint8Array): Sharp {
  return sharp(picture, { limitInputPixels: MAX_PIXELS_AT_ONCE, failOn: 'none', autoOrient: false });
}

async function alphaOf(picture: Sharp): Promise<{ data: Buffer; width: number; height: number }> {
  const { data, info } = await picture
    .ensureAlpha()
    .extractChannel('alpha')
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

const joined = (rgb: Sharp, { data, width, height }: Awaited<ReturnType<typeof alphaOf>>): Sharp =>
  rgb.joinChannel(data, { raw: { width, height, channels: 1 } });

async function channelOf(picture: Sharp, channel: Conversion['channel']): Promise<Sharp> {
  if (channel === 'rgba') return picture;
  if (channel === 'rgb') return picture.removeAlpha();
  const alpha = await alphaOf(picture);
  const { width, height } = alpha;
  return joined(sharp({ create: { width, height, channels: 3, background: '#000000' } }), alpha);
}

/** A picture in another format, or some of its channels. */
export async function convert(file: string, { format, quality, channel }: Conversion): Promise<Buffer> {
  const picture = await channelOf(open(file), channel);
  if (format === 'png') return picture.png({ compressionLevel: 4 }).toBuffer();
  return format === 'webp'
    ? picture.webp({ quality }).toBuffer()
    : picture.flatten({ background: '#000000' }).jpeg({ quality }).toBuffer();
}

/** The colours of one picture with the transparency of another, which has the same size. */
export async function withMask(file: string, mask: Uint8Array): Promise<Buffer> {
  const alpha = await alphaOf(open(mask));
  const { width, height } = await open(file).metadata();
  if (width !== alpha.width || height !== alpha.height)
    throw new Error(`The mask has ${alpha.width} × ${alpha.height} pixels, the picture ${width} × ${height}.`);
  const rgb = await open(file).removeAlpha().toColourspace('srgb').png().toBuffer();
  return joined(sharp(rgb), alpha).png({ compressionLevel: 4 }).toBuffer();
}
