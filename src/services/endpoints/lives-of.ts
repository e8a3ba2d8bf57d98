import type { Life } from '#src/domain/endpoints/warm-up.ts';
import type { Measurements } from '#src/ports/statistics.ts';

const MAX = 60;

/** What ran at an endpoint recently, and what is there now. */
export async function livesOf(deps: { measurements: Measurements }, endpointId: string): Promise<Life[]> {
  const [recent, flying] = await Promise.all([deps.measurements.recent(endpointId, MAX), deps.measurements.flying()]);
  const here = flying.filter((one) => one.endpointId === endpointId);
  return [...here.map(({ sentAt, startedAt }) => ({ sentAt, startedAt, endedAt: null })), ...recent];
}
