type Direction = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

const isDirection = (key: string): key is Direction => /^Arrow(Left|Right|Up|Down)$/.test(key);

/** In the next row over or under, the tile whose middle is nearest. */
function neighbour(from: HTMLElement, tiles: readonly HTMLElement[], up: boolean): HTMLElement | undefined {
  const here = from.getBoundingClientRect();
  const middle = here.left + here.width / 2;
  const beyond = tiles
    .map((tile) => ({ tile, box: tile.getBoundingClientRect() }))
    .filter(({ box }) => (up ? box.bottom <= here.top : box.top >= here.bottom));
  const edge = up ? Math.max(...beyond.map(({ box }) => box.top)) : Math.min(...beyond.map(({ box }) => box.top));
  const distance = (box: DOMRect): number => Math.abs(box.left + box.width / 2 - middle);
  return beyond.filter(({ box }) => box.top === edge).sort((a, b) => distance(a.box) - distance(b.box))[0]?.tile;
}

function target(key: Direction, index: number, tiles: readonly HTMLElement[]): HTMLElement | undefined {
  const from = tiles[index];
  switch (key) {
    case 'ArrowLeft':
      return tiles[index - 1];
    case 'ArrowRight':
      return tiles[index + 1];
    case 'ArrowUp':
      return from && neighbour(from, tiles, true);
    case 'ArrowDown':
      return from && neighbour(from, tiles, false);
  }
}

/** Moves the focus from tile to tile; true when the key was one of ours. */
export function moveFocus(key: string, grid: HTMLElement): boolean {
  const tiles = [...grid.querySelectorAll<HTMLElement>('[data-result]')];
  const index = tiles.findIndex((tile) => tile.matches(':focus'));
  if (!isDirection(key) || index < 0) return false;
  const to = target(key, index, tiles);
  to?.focus({ preventScroll: true });
  to?.scrollIntoView({ block: 'nearest' });
  return true;
}
