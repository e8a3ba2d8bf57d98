import unhomoglyph from 'unhomoglyph';
import { nameKey } from '#src/domain/users/name-key.ts';
import type { AppearanceOf } from '#src/ports/auth.ts';

/** Twice: capitals look like other letters than small ones do. */
export const appearanceOf: AppearanceOf = (name) =>
  unhomoglyph(nameKey(unhomoglyph(name.normalize('NFKC')))).replace(/\s/g, '');
