import sharp, { type Sharp } from 'sharp';

/** Of 16384 × 16384 sharp refuses the last row; four times as much still shrinks in bounded memory, row by row. */
const MAX_PIXELS = 2 ** 30;
/** What can only be held in memory whole: 256 MB at four bytes a pixel. */
export const MAX_PIXELS_AT_ONCE = 2 ** 26;
const MAX_SIDE = 640;

// libvips caches by file name, and a temporary name is used again for other content.
sharp.cache(false);
// One core for a picture: deliveries go first.
sharp.concurrency(1);

/** What is cut short is drawn as far as it goes. */
const openPicture = (file: string): Sharp => sharp(file, { limitInputPixels: MAX_PIXELS, failOn: 'none' });

/** Duration in seconds, of animations only. */
export async function measure(file: string): Promise<{ width: number; height: number; duration: number | null }> {
  const { autoOrient, delay, pages = 1 } = await openPicture(file).metadata();
  const duration = pages > 1 && delay ? delay.reduce((sum, part) => sum + part, 0) / 1000 : null;
  return { width: autoOrient.width, height: autoOrient.height, duration };
}

/** A picture of any size can end the process by its memory: only those that are read row by row may be very large. */
async function openBounded(file: string): Promise<Sharp> {
  const picture = openPicture(file);
  const { format, isProgressive, width, height } = await picture.metadata();
  const isReadByRows = (format === 'png' || format === 'jpeg') && !isProgressive;
  if (!isReadByRows && width * height > MAX_PIXELS_AT_ONCE)
    throw new Error('This picture is too large to hold in memory.');
  return picture;
}

/** A small WebP of a picture; the first frame of an animation. */
export async function shrink(picture: string | Uint8Array): Promise<Buffer> {
  const source = picture instanceof Uint8Array ? sharp(picture) : await openBounded(picture);
  return source
    .autoOrient()
    .resize(MAX_SIDE, MAX_SIDE, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 78 })
    .toBuffer();
}

export const pack = (picture: Uint8Array): Promise<Buffer> => sharp(picture).webp({ quality: 70 }).toBuffer();
