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
