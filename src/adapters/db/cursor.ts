import { AppError } from '#src/domain/errors.ts';

/** Where a page ended: the time and id of its last row. */
export const toCursor = (at: number, id: string): string => `${at}.${id}`;

export function fromCursor(cursor: string): { at: Date; id: string } {
  const match = /^(\d{1,15})\.([\w-]{1,64})$/.exec(cursor);
  if (!match) throw new AppError('invalid_input', 'Invalid cursor: it does not come from a previous page.');
  return { at: new Date(Number(match[1])), id: match[2]! };
}
