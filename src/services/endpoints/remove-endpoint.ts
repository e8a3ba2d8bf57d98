import { AppError } from '#src/domain/errors.ts';
import type { EndpointStore } from '#src/ports/endpoints.ts';

/** Takes an endpoint out for good. */
export async function removeEndpoint(deps: { endpoints: EndpointStore }, endpointId: string): Promise<void> {
  const endpoint = (await deps.endpoints.list()).find(({ id }) => id === endpointId);
  if (!endpoint) throw new AppError('not_found', 'Endpoint not found.');
  if (endpoint.origin === 'environment')
    throw new AppError('conflict', `"${endpoint.name}" is defined in ENDPOINTS. Remove it there or disable it here.`);
  if ((await deps.endpoints.remove(endpointId)) === 'busy')
    throw new AppError(
      'conflict',
      `Jobs are running on "${endpoint.name}". Disable it, and remove it when they are done.`,
    );
}
