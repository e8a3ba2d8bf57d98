import { AppError } from '#src/domain/errors.ts';
import type { Endpoint, EndpointStore, SavedEndpoint } from '#src/ports/endpoints.ts';
import type { Clock } from '#src/ports/random.ts';

const FIXED = ['name', 'url', 'gpu', 'pricing', 'capacity', 'apiKeyVariable'] as const;

/** Adds an endpoint, or changes one. What the environment says of one is not changed here: the next start would undo it. */
export async function saveEndpoint(
  deps: { endpoints: EndpointStore; clock: Clock },
  wanted: SavedEndpoint,
): Promise<Endpoint> {
  const list = await deps.endpoints.list();
  const known = list.find(({ id, name }) => (wanted.id === undefined ? name === wanted.name : id === wanted.id));
  if (wanted.id !== undefined && !known) throw new AppError('not_found', 'There is no such endpoint.');
  if (known?.origin === 'environment' && FIXED.some((key) => known[key] !== wanted[key]))
    throw new AppError(
      'conflict',
      `"${known.name}" comes from ENDPOINTS: its name, address, GPU, pricing, capacity and key are changed there.`,
    );
  return deps.endpoints.upsert(wanted, deps.clock.now());
}
