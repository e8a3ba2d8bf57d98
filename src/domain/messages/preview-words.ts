const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export const INCOMPLETE = 'The run ended before this file was complete. It may not open.';

/** "deleted in 23 h". Both times in ms; previews are deleted once an hour, so it may take a little longer. */
export function deletedIn(expiresAt: number, now: number): string {
  const left = expiresAt - now;
  if (left < MINUTE_MS) return 'deleted soon';
  if (left < HOUR_MS) return `deleted in ${Math.floor(left / MINUTE_MS)} min`;
  const hours = Math.round(left / HOUR_MS);
  return hours < 72 ? `deleted in ${hours} h` : `deleted in ${Math.round(hours / 24)} days`;
}
