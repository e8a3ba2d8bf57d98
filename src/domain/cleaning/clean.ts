import type { RewrittenType } from '../files/derived.ts';
import type { Window } from '../formats/reading/window.ts';
import { cleanGif } from './gif.ts';
import { cleanGlb } from './glb.ts';
import { cleanJpeg } from './jpeg.ts';
import type { Cleaning } from './piece.ts';
import { cleanPng } from './png.ts';
import { cleanSvg } from './svg.ts';
import { cleanWebp } from './webp.ts';

/** How metadata is removed from a file of each type, without changing a pixel. */
export const CLEANERS: Readonly<Record<RewrittenType, (file: Window) => Cleaning>> = {
  'image/png': cleanPng,
  'image/webp': cleanWebp,
  'image/jpeg': cleanJpeg,
  'image/gif': cleanGif,
  'image/svg+xml': cleanSvg,
  'model/gltf-binary': cleanGlb,
};
