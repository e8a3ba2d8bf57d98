/** What is known of the health of endpoints, from what became of attempts there. */
export interface Breakers {
  failed(endpointId: string, kind: 'unreachable' | 'lost'): void;
  worked(endpointId: string): void;
  /** How many jobs may be there at once just now. */
  capacity(endpointId: string, capacity: number): number;
  /** Epoch ms; null = it does not rest. */
  restsUntil(endpointId: string): number | null;
}
