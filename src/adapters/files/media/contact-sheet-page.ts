/** A4 across, ten points to the millimetre. */
export const [WIDTH, HEIGHT] = [2970, 2100];
export const MARGIN = 100;
const [HEAD, GAP, LABEL] = [90, 24, 72];
const [COLUMNS, ROWS] = [8, 6];
export const PICTURES_PER_PAGE = COLUMNS * ROWS;
export const CELL_WIDTH = Math.floor((WIDTH - 2 * MARGIN - (COLUMNS - 1) * GAP) / COLUMNS);
const CELL_HEIGHT = Math.floor((HEIGHT - 2 * MARGIN - HEAD - (ROWS - 1) * GAP) / ROWS);
export const PICTURE_HEIGHT = CELL_HEIGHT - LABEL;

export const place = (index: number) => ({
  left: MARGIN + (index % COLUMNS) * (CELL_WIDTH + GAP),
  top: MARGIN + HEAD + Math.floor(index / COLUMNS) * (CELL_HEIGHT + GAP),
});
