import type { Past } from '#src/domain/endpoints/circuit-breaker.ts';

/** What is known of the health of endpoints, from what became of attempts there. */
export interface Breakers {
  failed(endpointId: string, kind: 'unreachable' | 'lost'): void;
  worked(endpointId: string): void;
  /** After a restart: from what became of its newest attempts since an operator opened it. */
  recall(endpointId: string, attempts: readonly Past[], openedAt: number | null): void;
  /** It has too much to do, which is no failure: until then (epoch ms) nothing is sent there, and after that one job more at a time until one is accepted. */
  busy(endpointId: string, until: number): void;
  accepted(endpointId: string): void;
  /** By endpoint that is busy: until when (epoch ms). */
  busyUntil(): ReadonlyMap<string, number>;
  /** How many jobs may be there at once just now; `inFlight`: how many are. */
  capacity(endpointId: string, capacity: number, inFlight?: number): number;
  /** Epoch ms; null = it does not rest. One that an operator has closed rests as well. */
  restsUntil(endpointId: string): number | null;
  /** For a while an operator wants nothing sent there, whatever it does. */
  close(endpointId: string, until: number): void;
  /** Epoch ms; null = no operator has closed it. */
  closedUntil(endpointId: string): number | null;
  /** Ends what keeps jobs from it: they may be tried there at once. */
  open(endpointId: string): void;
}
