export type Box = { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
export type Size = { readonly width: number; readonly height: number };

const EDGE = 8;

const within = (value: number, most: number): number => Math.max(EDGE, Math.min(value, most - EDGE));

const overlaps = (a: Box, b: Box): boolean =>
  a.left < b.left + b.width + EDGE &&
  b.left < a.left + a.width + EDGE &&
  a.top < b.top + b.height + EDGE &&
  b.top < a.top + a.height + EDGE;

/** Where a panel that wants to be at `wish` may be: whole on the screen, and never over `keepFree`. */
export function placeOf(
  wish: { left: number; top: number },
  size: Size,
  screen: Size,
  keepFree: Box | null,
): { left: number; top: number } {
  const at = (left: number, top: number): Box => ({
    left: within(left, screen.width - size.width),
    top: within(top, screen.height - size.height),
    ...size,
  });
  const wished = at(wish.left, wish.top);
  if (!keepFree || !overlaps(wished, keepFree)) return { left: wished.left, top: wished.top };
  const { left, top, width, height } = keepFree;
  const others = [
    at(wished.left, top + height + EDGE),
    at(wished.left, top - size.height - EDGE),
    at(left - size.width - EDGE, wished.top),
    at(left + width + EDGE, wished.top),
  ].filter((box) => !overlaps(box, keepFree));
  const far = (box: Box): number => Math.abs(box.left - wished.left) + Math.abs(box.top - wished.top);
  const [best] = others.sort((a, b) => far(a) - far(b));
  return { left: (best ?? wished).left, top: (best ?? wished).top };
}
