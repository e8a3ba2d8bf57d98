export type PanelBox = { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
export type PanelSize = { readonly width: number; readonly height: number };

const EDGE = 8;
/** Below the bars that front ends have at the upper edge. */
const UPPER = 104;

const within = (value: number, most: number): number => Math.max(EDGE, Math.min(value, most - EDGE));

const overlaps = (a: PanelBox, b: PanelBox): boolean =>
  a.left < b.left + b.width + EDGE &&
  b.left < a.left + a.width + EDGE &&
  a.top < b.top + b.height + EDGE &&
  b.top < a.top + a.height + EDGE;

/** Where a panel that wants to be at `wish` may be: whole on the screen, and never over `keepFree`. */
export function placeOf(
  wish: { left: number; top: number },
  size: PanelSize,
  screen: PanelSize,
  keepFree: PanelBox | null,
): { left: number; top: number } {
  const at = (left: number, top: number): PanelBox => ({
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
  const far = (box: PanelBox): number => Math.abs(box.left - wished.left) + Math.abs(box.top - wished.top);
  const [best] = others.sort((a, b) => far(a) - far(b));
  return { left: (best ?? wished).left, top: (best ?? wished).top };
}

const areaShared = (a: PanelBox, b: PanelBox): number =>
  Math.max(0, Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top));

const STEP = 40;

/** What a panel that nobody has moved wishes for: along the lower edge, or else the upper one, where it hides least of the nodes; as near to `usual` as that allows, and never before it: sidebars open there. */
export function freePlace(
  usual: { left: number; top: number },
  size: PanelSize,
  screen: PanelSize,
  keepFree: PanelBox | null,
  nodes: readonly PanelBox[],
): { left: number; top: number } {
  const lefts = [usual.left];
  for (let left = usual.left + STEP; left <= screen.width - size.width - EDGE; left += STEP) lefts.push(left);
  const ranked = [usual.top, UPPER].flatMap((top) =>
    lefts.map((left) => {
      const box = { ...placeOf({ left, top }, size, screen, keepFree), ...size };
      const hidden = nodes.reduce((sum, node) => sum + areaShared(box, node), 0);
      return { wish: { left, top }, hidden, far: Math.abs(left - usual.left) + Math.abs(top - usual.top) };
    }),
  );
  const [best] = ranked.sort((a, b) => a.hidden - b.hidden || a.far - b.far);
  return best?.wish ?? usual;
}
