import { AppError } from '#src/domain/errors.ts';
import type { EndpointStore } from '#src/ports/endpoints.ts';
import type { JobQueue } from '#src/ports/jobs.ts';
import type { HeardReplicas, ListeningTests } from '#src/ports/listening.ts';

type Deps = {
  endpoints: Pick<EndpointStore, 'list'>;
  jobs: Pick<JobQueue, 'counts'>;
  heardReplicas: Pick<HeardReplicas, 'of'>;
  listeningTests: Pick<ListeningTests, 'begin'>;
};

/** Tests live progress where nothing else is going on: the connections of other jobs would be there in the half without any. */
export async function startListeningTest(deps: Deps, endpointId: string): Promise<void> {
  const endpoint = (await deps.endpoints.list()).find(({ id }) => id === endpointId);
  if (!endpoint) throw new AppError('not_found', 'Endpoint not found.');
  if ((await deps.jobs.counts()).inFlightByEndpoint.get(endpointId))
    throw new AppError(
      'conflict',
      `Jobs are running on "${endpoint.name}". Pause it or wait until they are done, then test again.`,
    );
  if (deps.heardReplicas.of(endpointId).connections > 0)
    throw new AppError(
      'conflict',
      'WebSockets of the last jobs are still open there. They close a minute after the last job: test again then.',
    );
  if (!deps.listeningTests.begin(endpoint))
    throw new AppError('conflict', `A test of "${endpoint.name}" is already running.`);
}
