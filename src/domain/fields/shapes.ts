type Size = { readonly width: number; readonly height: number };

/** Of a frame, from wide to upright. */
export const SHAPES = [
  { name: '2.39:1', ratio: 2.39 },
  { name: '16:9', ratio: 16 / 9 },
  { name: '3:2', ratio: 3 / 2 },
  { name: '4:3', ratio: 4 / 3 },
  { name: '1:1', ratio: 1 },
  { name: '3:4', ratio: 3 / 4 },
  { name: '2:3', ratio: 2 / 3 },
  { name: '9:16', ratio: 9 / 16 },
] as const;

/** Models of pictures need multiples of 8; those of films need 16 or 32. */
export const SIZE_STEP = { picture: 8, film: 32 } as const;

const toStep = (value: number, step: number): number => Math.max(step, Math.round(value / step) * step);

/** About as many pixels in another shape: the larger a frame, the longer a GPU works on it. */
export function reshaped({ width, height }: Size, ratio: number, step: number): Size {
  const wide = toStep(Math.sqrt(width * height * ratio), step);
  return { width: wide, height: toStep(wide / ratio, step) };
}

/** The name of its shape, as near as the step allows; null = it is none of them. */
export function shapeOf({ width, height }: Size, step: number): string | null {
  const near = SHAPES.map(({ name, ratio }) => ({ name, off: Math.abs(width / ratio - height) }));
  const nearest = near.reduce((best, each) => (each.off < best.off ? each : best));
  return width > 0 && nearest.off <= step / 2 ? nearest.name : null;
}
