import type { MetadataTags } from 'mediabunny';
import type { TextEntry } from './png.ts';

export const tagsOf = (entries: readonly TextEntry[]): MetadataTags => ({
  raw: Object.fromEntries(entries.map(({ key, text }) => [key, text])),
});
