import type { Breaker } from '#src/domain/endpoints/circuit-breaker.ts';
import type { ListeningMode } from '#src/domain/endpoints/listening.ts';
import type { EndpointSlot } from '#src/domain/jobs/fairness.ts';

/** What an endpoint is, wherever it is named. */
export type NewEndpoint = {
  readonly name: string;
  readonly url: string;
  readonly gpu: string;
  readonly pricing: EndpointSlot['pricing'];
  readonly capacity: number;
  /** Name of the environment variable that holds the key. */
  readonly apiKeyVariable: string | null;
};

export type Endpoint = NewEndpoint &
  EndpointSlot & {
    /** Who named it: what the environment says is read again at each start. */
    readonly origin: 'environment' | 'operator';
    readonly place: number;
    /** Of one GPU, in the currency of the settings; null = not known. */
    readonly pricePerHour: number | null;
    /** Its name at Verda, where it is a deployment there. */
    readonly deployment: string | null;
    readonly listening: ListeningMode;
    /** Epoch ms; null = it is not kept warm. */
    readonly keepWarmUntil: number | null;
    readonly warmWorkflowId: string | null;
  };

/** The state of its circuit breaker, as it was stored. Times are epoch ms, 0 = none. */
export type Circuit = Breaker & { readonly closedUntil: number };

/** With `id` the one of this id, else the one of this name or a new one. What is left out stays as it is. */
export type SavedEndpoint = NewEndpoint & {
  readonly id?: string | undefined;
  readonly pricePerHour?: number | null | undefined;
  readonly deployment?: string | null | undefined;
  readonly listening?: ListeningMode | undefined;
  readonly enabled?: boolean | undefined;
};

/** Epoch ms. */
export type EndpointTest = { readonly at: number; readonly well: boolean };

/** What came of the last test of each endpoint since the server started, at the address that it has now. */
export interface EndpointTests {
  of(endpoint: Pick<Endpoint, 'id' | 'url'>): EndpointTest | null;
  record(endpoint: Pick<Endpoint, 'id' | 'url'>, test: EndpointTest): void;
}

export interface EndpointStore {
  /** Those of the present configuration and those that operators added, in their order. */
  list(): Promise<Endpoint[]>;
  /** Also one that was put aside. */
  find(endpointId: string): Promise<Endpoint | null>;
  /** AppError `conflict` when another one has its name. */
  upsert(endpoint: SavedEndpoint, now: number): Promise<Endpoint>;
  /** Where the operator has not set one. */
  fillPrice(endpointId: string, pricePerHour: number): Promise<void>;
  setEnabled(endpointId: string, enabled: boolean): Promise<boolean>;
  /** By endpoint. */
  circuits(): Promise<Map<string, Circuit>>;
  saveCircuit(endpointId: string, circuit: Circuit): Promise<void>;
  /** These first, in this order; all others after them, none before another. */
  order(endpointIds: readonly string[]): Promise<void>;
  /** `false` when there is no such endpoint. */
  keepWarm(endpointId: string, wish: { until: number; workflowId: string } | null): Promise<boolean>;
  /** One that has run jobs is only put aside: what they tell of it stays. */
  remove(endpointId: string): Promise<'removed' | 'busy' | 'missing'>;
  /** Makes these the endpoints of the environment; earlier ones that are not among them are put aside. */
  configure(endpoints: readonly NewEndpoint[], now: number): Promise<void>;
}

/** What is known of the health of endpoints, from what became of attempts there. */
export interface Breakers {
  /** Once at the start: a restart must not send the next job to an endpoint that cools down, or that an operator has paused. */
  restore(): Promise<void>;
  /** Counts each attempt once. To be called before its job is requeued, or the job would be sent there again at once. */
  failed(endpointId: string, kind: 'unreachable' | 'lost', attemptId: string): Promise<void>;
  worked(endpointId: string): Promise<void>;
  /** It has too much to do, which is no failure: until then (epoch ms) nothing is sent there, and after that one job more at a time until one is accepted. */
  busy(endpointId: string, until: number): void;
  accepted(endpointId: string): void;
  /** By endpoint that is busy: until when (epoch ms). */
  busyUntil(): ReadonlyMap<string, number>;
  /** How many jobs may be there at once just now; `inFlight`: how many are. */
  capacity(endpointId: string, capacity: number, inFlight?: number): number;
  /** Epoch ms; null = it does not cool down. One that an operator has paused does as well. */
  restsUntil(endpointId: string): number | null;
  /** For a while an operator wants nothing sent there, whatever it does. */
  close(endpointId: string, until: number): Promise<void>;
  /** Epoch ms; null = no operator has paused it. */
  closedUntil(endpointId: string): number | null;
  /** Ends what keeps jobs from it: they may be tried there at once. */
  open(endpointId: string): Promise<void>;
}
