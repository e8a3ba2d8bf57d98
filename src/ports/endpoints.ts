import type { EndpointSlot } from '#src/domain/fairness.ts';

export type Endpoint = EndpointSlot & {
  readonly name: string;
  readonly url: string;
  readonly gpu: string;
  /** Name of the environment variable that holds the key. */
  readonly apiKeyVariable: string | null;
};

export type NewEndpoint = Omit<Endpoint, 'id' | 'enabled'>;

export interface EndpointStore {
  /** Those of the present configuration and those that operators added. */
  list(): Promise<Endpoint[]>;
  find(endpointId: string): Promise<Endpoint | null>;
  /** By name. */
  upsert(endpoint: NewEndpoint, now: number): Promise<Endpoint>;
  setEnabled(endpointId: string, enabled: boolean): Promise<boolean>;
  /** Makes these the endpoints of the environment; earlier ones that are not among them are put aside. */
  configure(endpoints: readonly NewEndpoint[], now: number): Promise<void>;
}
