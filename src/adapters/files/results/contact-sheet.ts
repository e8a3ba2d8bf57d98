import type { Sheets } from '#src/ports/archives.ts';
import { drawSheet } from '../media/pictures.ts';
import { PICTURES_PER_PAGE } from './contact-sheet-page.ts';

export const contactSheets: Sheets = { perPage: PICTURES_PER_PAGE, draw: drawSheet };
