import sharp, { type OverlayOptions } from 'sharp';
import type { SheetPicture, Sheets } from '#src/ports/files/archives.ts';
import { CELL_WIDTH, HEIGHT, MARGIN, PICTURE_HEIGHT, place, WIDTH } from './contact-sheet-page.ts';

/** About what has room under a picture; a wide letter takes twice as much. */
const LETTERS = 25;
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\p{Extended_Pictographic}]/u;

const escaped = (text: string): string =>
  text.replace(/\p{Cc}/gu, ' ').replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Keeps both ends of a name: the counter is at the end of it. */
export function shortened(name: string): string {
  const letters = [...name];
  const room = (all: readonly string[]): number => all.reduce((sum, letter) => sum + (WIDE.test(letter) ? 2 : 1), 0);
  if (room(letters) <= LETTERS) return name;
  const back: string[] = [];
  while (room([letters.at(-1) ?? '', ...back]) <= LETTERS * 0.55) back.unshift(letters.pop() ?? '');
  const front: string[] = [];
  while (room([...front, letters[0] ?? '', '…', ...back]) <= LETTERS) front.push(letters.shift() ?? '');
  return [...front, '…', ...back].join('');
}

async function small({ thumbnail }: SheetPicture, index: number): Promise<OverlayOptions[]> {
  if (thumbnail === null) return [];
  try {
    const { data, info } = await sharp(thumbnail)
      .resize(CELL_WIDTH, PICTURE_HEIGHT, { fit: 'inside' })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { left, top } = place(index);
    return [
      {
        input: data,
        raw: { width: info.width, height: info.height, channels: info.channels },
        left: left + Math.floor((CELL_WIDTH - info.width) / 2),
        top: top + PICTURE_HEIGHT - info.height,
      },
    ];
  } catch {
    // A broken thumbnail costs its place, not the sheet.
    return [];
  }
}

function words(title: string, note: string, pictures: readonly SheetPicture[]): Buffer {
  const text = (x: number, y: number, size: number, colour: string, said: string, anchor = 'start'): string =>
    `<text x="${x}" y="${y}" font-size="${size}" fill="${colour}" text-anchor="${anchor}">${escaped(said)}</text>`;
  const labels = pictures.flatMap((picture, index) => {
    const { left, top } = place(index);
    const middle = left + CELL_WIDTH / 2;
    const empty = `<rect x="${left}" y="${top}" width="${CELL_WIDTH}" height="${PICTURE_HEIGHT}" fill="#eeeeee"/>`;
    return [
      picture.thumbnail === null ? empty : '',
      text(middle, top + PICTURE_HEIGHT + 30, 23, '#141414', shortened(picture.name), 'middle'),
      text(middle, top + PICTURE_HEIGHT + 58, 20, '#5c5c5c', shortened(picture.note), 'middle'),
    ];
  });
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" font-family="Inter, Helvetica, Arial, sans-serif">${[
      text(MARGIN, MARGIN + 34, 40, '#141414', title),
      text(WIDTH - MARGIN, MARGIN + 34, 28, '#5c5c5c', note, 'end'),
      ...labels,
    ].join('')}</svg>`,
  );
}

/** White, for it may be printed. The names need a font of the system: without any they are left out. */
export const drawSheet: Sheets['draw'] = async ({ title, note, pictures }) => {
  const smalls: OverlayOptions[] = [];
  for (const [index, picture] of pictures.entries()) smalls.push(...(await small(picture, index)));
  return sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: '#ffffff' } })
    .composite([{ input: words(title, note, pictures), left: 0, top: 0 }, ...smalls])
    .jpeg({ quality: 85, chromaSubsampling: '4:4:4' })
    .withMetadata({ density: 254 })
    .toBuffer();
};
