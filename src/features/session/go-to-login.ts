import { loginPath } from './next-path.ts';

/** Leaves for the login page and remembers where she was. */
export function goToLogin(): void {
  const { pathname, search } = window.location;
  if (pathname !== '/login') window.location.assign(loginPath(pathname + search));
}
