/** What decides how many sockets listen at an endpoint. Times are epoch ms. */
export type ListeningFacts = {
  /** Attempts there that a worker has accepted and that are not over. */
  readonly inFlight: number;
  /** Of these, those that have shown activity for a while and of which nothing was heard. */
  readonly unheard: number;
  /** Sockets that are open or being opened. */
  readonly sockets: number;
  readonly capacity: number;
  readonly changedAt: number;
  /** Since when nothing is in flight; null = something is. */
  readonly idleSince: number | null;
  /** Refused connections in a row. */
  readonly refusals: number;
};

export const LISTENING = {
  maxSockets: 16,
  everyMs: 250,
  moreEveryMs: 1000,
  idleMs: 60_000,
  refusedMs: 5000,
  maxRefusedMs: 10 * 60_000,
};

/**
 * Behind a balancer each socket reaches one replica at random and hears what runs there. As many as there are replicas at first; one more while something that
 * has started is not heard, up to three for each replica. None is closed while something is in flight: of two sockets with one client id at one replica only the
 * newer hears, and a replica forgets that one too when the older closes.
 */
export function nextStep(facts: ListeningFacts, now: number, limits = LISTENING): 'open' | 'close' | 'wait' {
  if (facts.inFlight === 0)
    return facts.sockets > 0 && facts.idleSince !== null && now - facts.idleSince >= limits.idleMs ? 'close' : 'wait';
  const since = Math.abs(now - facts.changedAt);
  if (facts.refusals > 0)
    return since >= Math.min(limits.maxRefusedMs, limits.refusedMs * 2 ** (facts.refusals - 1)) ? 'open' : 'wait';
  if (facts.sockets >= Math.min(limits.maxSockets, 3 * facts.capacity)) return 'wait';
  if (facts.sockets < facts.capacity) return since >= limits.everyMs || facts.sockets === 0 ? 'open' : 'wait';
  return facts.unheard > 0 && since >= limits.moreEveryMs ? 'open' : 'wait';
}

export const LISTENING_MODES = ['auto', 'on', 'off'] as const;
export type ListeningMode = (typeof LISTENING_MODES)[number];

const VERDA = /(^|\.)(verda\.com|datacrunch\.io)$/;

/**
 * Whether to listen at an endpoint. With one request at a time for each replica, as deployments at Verda may have it, an open socket could take the only place
 * that a job needs: there it is off until an operator has tried.
 */
export function listens(endpoint: {
  readonly listening: ListeningMode;
  readonly url: string;
  readonly deployment: string | null;
}): boolean {
  if (endpoint.listening !== 'auto') return endpoint.listening === 'on';
  return endpoint.deployment === null && URL.canParse(endpoint.url) && !VERDA.test(new URL(endpoint.url).hostname);
}
