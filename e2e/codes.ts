import { expect, type Locator } from '@playwright/test';
import jsQR from 'jsqr';

const SIDE = 400;

/** What a camera would read of each of these pictures. */
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
          return [...context.getImageData(0, 0, side, side).data];
        }),
      ),
    SIDE,
  );
  return pictures.map((data) => jsQR(Uint8ClampedArray.from(data), SIDE, SIDE)?.data ?? '');
}
