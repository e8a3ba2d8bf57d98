import type { Sheets } from '#src/ports/files/archives.ts';
import { PICTURES_PER_PAGE } from '../media/contact-sheet-page.ts';
import { drawSheet } from '../media/pictures.ts';

export const contactSheets: Sheets = { perPage: PICTURES_PER_PAGE, draw: drawSheet };
