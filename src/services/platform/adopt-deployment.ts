import { isOfDeployment } from '#src/domain/endpoints/platform-deployment.ts';
import { AppError } from '#src/domain/errors.ts';
import type { Endpoint, EndpointStore } from '#src/ports/endpoints.ts';
import type { Platform } from '#src/ports/platform.ts';
import type { Clock } from '#src/ports/random.ts';

type Deps = { platform: Platform | null; endpoints: EndpointStore; clock: Clock };

const MAX_CAPACITY = 1000;

/** Makes an endpoint of a deployment, or brings the one that is there already in line with it. */
export async function adoptDeployment(deps: Deps, name: string): Promise<Endpoint> {
  if (deps.platform === null)
    throw new AppError('not_found', 'No GPU platform is configured: set VERDA_CLIENT_ID and VERDA_CLIENT_SECRET.');
  const deployment = (await deps.platform.deployments()).find((one) => one.name === name);
  if (!deployment) throw new AppError('not_found', `Verda has no deployment named ${name}.`);
  const { max } = await deps.platform.scaling(name);
  const all = await deps.endpoints.list();
  const known = all.find((endpoint) => isOfDeployment(endpoint, deployment));
  if (!known && all.some((endpoint) => endpoint.name === name))
    throw new AppError('conflict', `Another endpoint is named ${name}. Rename it or set its deployment.`);
  // One account's deployments share an address and take the same key.
  const { origin } = new URL(deployment.url);
  const neighbour = all.find(({ url, apiKeyVariable }) => apiKeyVariable !== null && new URL(url).origin === origin);
  return deps.endpoints.upsert(
    {
      id: known?.id,
      name: known?.name ?? name,
      url: known?.url ?? deployment.url,
      gpu: deployment.gpu,
      pricing: deployment.spot ? 'spot' : 'on-demand',
      capacity: Math.max(1, Math.min(MAX_CAPACITY, max)),
      apiKeyVariable: known?.apiKeyVariable ?? neighbour?.apiKeyVariable ?? null,
      deployment: name,
    },
    deps.clock.now(),
  );
}
