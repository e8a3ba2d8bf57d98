import unhomoglyph from 'unhomoglyph';
import { nameKey } from '#src/domain/users/name-key.ts';
import type { LooksOf } from '#src/ports/auth.ts';

/** Twice: capitals look like other letters than small ones do. */
export const looksOf: LooksOf = (name) => unhomoglyph(nameKey(unhomoglyph(name.normalize('NFKC')))).replace(/\s/g, '');
