import type { EndpointAnswer } from '#src/domain/endpoints/endpoint-test.ts';
import type { NewEndpoint } from './endpoints.ts';

/** Asks an endpoint how it is. Can start a GPU where none is up. */
export type AskEndpoint = (
  endpoint: Pick<NewEndpoint, 'url' | 'apiKeyVariable'>,
  signal: AbortSignal,
) => Promise<EndpointAnswer>;
