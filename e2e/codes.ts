import { expect, type Locator } from '@playwright/test';
import jsQR from 'jsqr';

const SIDE = 300;

/** What a camera would read of each of these pictures. Only black and white leave the browser: twenty pictures in colour are a hundred megabytes of JSON. */
export async function readCodes(images: Locator): Promise<string[]> {
  await expect(images.first()).toBeVisible();
  const pictures = await images.evaluateAll(
    (elements, side) =>
      Promise.all(
        elements.map(async (element) => {
          if (!(element instanceof HTMLImageElement)) throw new Error('no image');
          await element.decode();
          const canvas = document.createElement('canvas');
          canvas.width = side;
          canvas.height = side;
          const context = canvas.getContext('2d');
          if (!context) throw new Error('no canvas');
          context.drawImage(element, 0, 0, side, side);
          const { data } = context.getImageData(0, 0, side, side);
          let dots = '';
          for (let at = 0; at < data.length; at += 4) dots += (data[at] ?? 0) < 128 ? '#' : ' ';
          return dots;
        }),
      ),
    SIDE,
  );
  return pictures.map((dots) => {
    const pixels = new Uint8ClampedArray(dots.length * 4).fill(255);
    for (let at = 0; at < dots.length; at += 1) if (dots[at] === '#') pixels.fill(0, at * 4, at * 4 + 3);
    return jsQR(pixels, SIDE, SIDE)?.data ?? '';
  });
}
