import type { ListeningVerdict } from '#src/domain/endpoints/listening-test.ts';
import type { GpuUse } from '#src/domain/statistics/gpu-use.ts';
import type { DuplicateFigures } from './duplicates.ts';
import type { Endpoint } from './endpoints.ts';

/** What is heard of endpoints just now. A connection is whatever object stands for it. */
export interface HeardReplicas {
  opened(endpointId: string, connection: object): void;
  /** `before`: over which connection the same run was heard last, which is then known to reach the same replica. */
  heard(endpointId: string, connection: object, before: object | null): void;
  closed(endpointId: string, connection: object): void;
  of(endpointId: string): { readonly connections: number; readonly replicas: number };
}

/** How the GPUs of each endpoint are used. */
export interface EndpointUse {
  read(): Promise<
    ReadonlyMap<string, GpuUse & { readonly replicasHeard: number; readonly duplicates: DuplicateFigures }>
  >;
}

/** Times are epoch ms. */
export type ListeningTest =
  | { readonly type: 'running'; readonly isListening: boolean; readonly since: number }
  | { readonly type: 'done'; readonly at: number; readonly verdict: ListeningVerdict }
  | { readonly type: 'failed'; readonly at: number; readonly message: string };

/** Tests of live progress: one at a time for each endpoint, of which the last is remembered until the next start. */
export interface ListeningTests {
  /** `false` while one is under way there. */
  begin(endpoint: Endpoint): boolean;
  of(endpointId: string): ListeningTest | null;
}
