import type { Measuring, Window } from '../reading/window.ts';
import { bmpSize } from './bmp.ts';
import { exrSize } from './exr.ts';
import { jpeg2000Size } from './jpeg2000.ts';
import { jpegxlSize } from './jpegxl.ts';
import { photoshopSize } from './photoshop.ts';
import { radianceSize } from './radiance.ts';
import { svgSize } from './svg-size.ts';

/** The size of pictures that sharp cannot or should not read, from their headers. */
export const PICTURE_SIZES: ReadonlyMap<string, (file: Window) => Measuring> = new Map([
  ['image/bmp', bmpSize],
  ['image/x-exr', exrSize],
  ['image/vnd.radiance', radianceSize],
  ['image/jp2', jpeg2000Size],
  ['image/jxl', jpegxlSize],
  ['image/vnd.adobe.photoshop', photoshopSize],
  ['image/svg+xml', svgSize],
]);
