import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { GIVEN_PLACES } from '#src/domain/front-end/given.ts';

/** What is wrong with it at first sight; what is inside is read at the start. */
export function frontEndFault(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return `names "${path}", and there is nothing there`;
  if (found.isFile()) return /\.(whl|zip)$/i.test(path) ? null : `names "${path}", which is no wheel (.whl)`;
  if (GIVEN_PLACES.some((place) => existsSync(join(path, place, 'index.html')))) return null;
  return `names "${path}", a folder without index.html`;
}
