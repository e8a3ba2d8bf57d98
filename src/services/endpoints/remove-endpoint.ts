import { AppError } from '#src/domain/errors.ts';
import type { EndpointStore } from '#src/ports/endpoints.ts';

/** Takes an endpoint out for good. */
export async function removeEndpoint(deps: { endpoints: EndpointStore }, endpointId: string): Promise<void> {
  const endpoint = (await deps.endpoints.list()).find(({ id }) => id === endpointId);
  if (!endpoint) throw new AppError('not_found', 'There is no such endpoint.');
  if (endpoint.origin === 'environment')
    throw new AppError('conflict', `"${endpoint.name}" comes from ENDPOINTS: take it out there, or disable it here.`);
  if ((await deps.endpoints.remove(endpointId)) === 'busy')
    throw new AppError(
      'conflict',
      `Jobs are on "${endpoint.name}" just now. Disable it, and remove it when they are done.`,
    );
}
