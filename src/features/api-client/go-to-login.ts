import { loginPath } from '#src/domain/users/next-path.ts';

let signsOut = false;

/** Between the press on "Sign out" and its end: whoever signs in next begins afresh. */
export function signingOut(goesOn: boolean): void {
  signsOut = goesOn;
}

/** Leaves for the login page and, unless she signs out herself, remembers where she was. */
export function goToLogin(): void {
  const { pathname, search } = window.location;
  if (pathname !== '/login') window.location.assign(signsOut ? '/login' : loginPath(pathname + search));
}
