/** What a personal token may do, each with what those before it may. */
export const SCOPES = ['read', 'submit', 'all'] as const;
export type Scope = (typeof SCOPES)[number];

/** What a script needs that sends jobs. */
const SUBMITTING: ReadonlySet<string> = new Set(['jobs.submit', 'jobs.cancel', 'jobs.retry', 'clientLogs.push']);

export const scopeNeeded = (type: 'query' | 'mutation' | 'subscription', path: string): Scope => {
  if (type !== 'mutation') return 'read';
  return SUBMITTING.has(path) ? 'submit' : 'all';
};

/** `given` null = a session, which is no token. */
export const isWithin = (given: Scope | null, needed: Scope): boolean =>
  given === null || SCOPES.indexOf(given) >= SCOPES.indexOf(needed);

export const outOfScope = (given: Scope): string =>
  given === 'read'
    ? 'This token may only read. Create one with a wider scope under Account.'
    : 'This token may only send jobs and read. Create one with a wider scope under Account.';
