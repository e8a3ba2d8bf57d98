import { keyVariableFault } from '#src/domain/endpoints/key-variable.ts';
import { AppError } from '#src/domain/errors.ts';
import type { Endpoint, EndpointStore, SavedEndpoint } from '#src/ports/endpoints.ts';
import type { Clock } from '#src/ports/random.ts';

/** Adds an endpoint, or changes one. Of one that the environment names, what is said there counts again at the next start. */
export async function saveEndpoint(
  deps: { endpoints: EndpointStore; endpointKeys: readonly string[]; clock: Clock },
  wanted: SavedEndpoint,
): Promise<Endpoint> {
  const fault = wanted.apiKeyVariable === null ? null : keyVariableFault(wanted.apiKeyVariable, deps.endpointKeys);
  if (fault !== null) throw new AppError('invalid_input', fault);
  const list = await deps.endpoints.list();
  const known = list.find(({ id, name }) => (wanted.id === undefined ? name === wanted.name : id === wanted.id));
  if (wanted.id !== undefined && !known) throw new AppError('not_found', 'Endpoint not found.');
  if (known?.origin === 'environment' && known.name !== wanted.name)
    throw new AppError('conflict', `"${known.name}" is defined in ENDPOINTS. Rename it there.`);
  return deps.endpoints.upsert(wanted, deps.clock.now());
}
