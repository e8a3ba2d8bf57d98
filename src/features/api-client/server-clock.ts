let offset = 0;

/** The `Date` header has whole seconds, and a request takes time: smaller differences say nothing. */
const NOISE_MS = 2000;

/** Learns the offset of this computer's clock from a response. Classroom computers are often minutes off, and elapsed times would be too. */
export function learnClock(headers: Headers): void {
  const said = Date.parse(headers.get('date') ?? '');
  if (Number.isNaN(said)) return;
  const difference = said + 500 - Date.now();
  offset = Math.abs(difference) > NOISE_MS ? difference : 0;
}

/** A time of this computer's clock on the server's clock, in ms. */
export const onServerClock = (ms: number): number => ms + offset;
