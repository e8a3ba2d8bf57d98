/** How far a replica is; `other` for words that the platform may bring up one day. */
export type PlatformReplicaState =
  | 'image_pulling'
  | 'initializing'
  | 'running'
  | 'terminating'
  | 'error'
  | 'unavailable'
  | 'other';

export function replicaCounts(replicas: readonly { readonly state: PlatformReplicaState }[]) {
  const of = (...states: PlatformReplicaState[]) => replicas.filter(({ state }) => states.includes(state)).length;
  return { running: of('running'), starting: of('image_pulling', 'initializing') };
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

/** Whether this endpoint is that deployment: because it was said so, or because its address is there. */
export function isOfDeployment(
  endpoint: { readonly url: string; readonly deployment: string | null },
  deployment: { readonly name: string; readonly url: string },
): boolean {
  if (endpoint.deployment !== null) return endpoint.deployment === deployment.name;
  const [own, base] = [withoutSlash(endpoint.url), withoutSlash(deployment.url)];
  return base !== '' && (own === base || own.startsWith(`${base}/`));
}

/** What the platform charges for one replica of this size for an hour; null = it does not say. */
export type GpuPrice = {
  /** Everything that it is called. */
  readonly names: readonly string[];
  readonly gpus: number;
  readonly onDemand: number | null;
  readonly spot: number | null;
};

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** For an hour of one replica; null when no price has its name and size. */
export function priceOf(
  deployment: { readonly gpu: string; readonly gpus: number; readonly spot: boolean },
  prices: readonly GpuPrice[],
): number | null {
  const wanted = plain(deployment.gpu);
  const found = prices.find(
    ({ names, gpus }) => gpus === deployment.gpus && names.some((name) => wanted !== '' && plain(name) === wanted),
  );
  return (deployment.spot ? found?.spot : found?.onDemand) ?? null;
}
