import type { Role } from './user.ts';

const HERE = 'http://here.invalid';

/** Where to go after signing in: a path of ours, never another site, never the login page again. What is given is read once more: `/..//` hides a host. */
export function nextPath(wanted: string | null): string {
  if (wanted === null || !wanted.startsWith('/')) return '/';
  const url = URL.parse(wanted, HERE);
  if (url?.origin !== HERE || url.pathname === '/login') return '/';
  const path = url.pathname + url.search + url.hash;
  return URL.parse(path, HERE)?.href === url.href ? path : '/';
}

/** The page after signing in: the one that was asked for, else what this person came for. */
export function landingPath(wanted: string | null, role: Role): string {
  const path = nextPath(wanted);
  return path === '/' && role === 'operator' ? '/admin' : path;
}

export const loginPath = (from: string): string =>
  nextPath(from) === '/' ? '/login' : `/login?next=${encodeURIComponent(nextPath(from))}`;
