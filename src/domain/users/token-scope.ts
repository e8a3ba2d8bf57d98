/** What a personal token may do, each with what those before it may. */
export const SCOPES = ['read', 'submit', 'all'] as const;
export type Scope = (typeof SCOPES)[number];

/** What a script needs that sends jobs. */
const SUBMITTING: ReadonlySet<string> = new Set([
  'jobs.submit',
  'jobs.cancel',
  'jobs.retry',
  'jobs.vary',
  'workflows.run',
  'clientLogs.push',
]);

export const scopeNeeded = (type: 'query' | 'mutation' | 'subscription', path: string): Scope => {
  if (type !== 'mutation') return 'read';
  return SUBMITTING.has(path) ? 'submit' : 'all';
};

/** Reading is GET and HEAD; what changes something asks for more. */
export const scopeOf = (method: string): Scope => (method === 'GET' || method === 'HEAD' ? 'read' : 'submit');

/** What a session for the ComfyUI tab may do, where custom nodes and whatever else has a script run too: as much as the extension needs. */
export const TAB_SCOPE: Scope = 'submit';

/** `given` null = a session in the gallery. */
export const isWithin = (given: Scope | null, needed: Scope): boolean =>
  given === null || SCOPES.indexOf(given) >= SCOPES.indexOf(needed);

export function outOfScope(given: Scope, isSession: boolean): string {
  if (isSession) return 'ComfyUI’s page can only send jobs and read. Do this in the gallery.';
  return given === 'read'
    ? 'This token may only read. Create one with a wider scope under Account.'
    : 'This token may only send jobs and read. Create one with a wider scope under Account.';
}
