/** Where to go after signing in: a path of ours, never another site, never the login page again. */
export function nextPath(wanted: string | null): string {
  if (wanted === null || !wanted.startsWith('/')) return '/';
  const base = 'http://here.invalid';
  const url = URL.parse(wanted, base);
  if (url?.origin !== base || url.pathname === '/login') return '/';
  return url.pathname + url.search + url.hash;
}

export const loginPath = (from: string): string =>
  nextPath(from) === '/' ? '/login' : `/login?next=${encodeURIComponent(nextPath(from))}`;
