import type { ResultAction } from '../actions/use-result-actions.ts';
import type { GridTile } from '../layout/layout.ts';

/** An action on a tile. */
export type TileAction =
  | { readonly type: 'open' | 'focus' | 'stack' | 'more'; readonly tile: GridTile }
  | { readonly type: 'select'; readonly tile: GridTile; readonly how: 'toggle' | 'range' }
  | { readonly type: 'apply'; readonly tile: GridTile; readonly what: ResultAction };

/** Buttons that show while the tile is pointed at or has the focus. */
export const CORNER =
  'bg-black/60 text-white hover:bg-black/80 hover:text-white opacity-0 group-hover/tile:opacity-100 group-focus-within/tile:opacity-100 focus-visible:opacity-100';
