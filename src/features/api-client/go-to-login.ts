import { loginPath } from '#src/domain/users/next-path.ts';

let signsOut = false;

/** While signing out: the next person to sign in must not land on this page. */
export function signingOut(goesOn: boolean): void {
  signsOut = goesOn;
}

/** Goes to the login page and, unless the person signed out, remembers the current page. */
export function goToLogin(): void {
  const { pathname, search } = window.location;
  if (pathname !== '/login') window.location.assign(signsOut ? '/login' : loginPath(pathname + search));
}
