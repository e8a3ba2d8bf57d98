const HOUR_MS = 3_600_000;

/** What to say when the clock here is behind what was logged before; null = it is not. An hour may be a time zone that somebody set right. */
export function clockFault(now: number, newest: number | null): string | null {
  if (newest === null || newest - now <= HOUR_MS) return null;
  const day = (time: number): string => new Date(time).toISOString().slice(0, 16).replace('T', ' ');
  return `The clock of this machine says ${day(now)} UTC, but the database has entries of ${day(newest)} UTC. Set the clock (timedatectl set-ntp true), then start comfyume again.`;
}
