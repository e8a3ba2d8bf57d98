export interface Passwords {
  hash(password: string): Promise<string>;
  verify(hash: string, password: string): Promise<boolean>;
}

/** Counts sign-ins that fail, per name and address. */
export interface LoginGuard {
  /** Counts a try before it is judged, so that many at once count too. AppError `too_many_attempts` with the seconds to wait. */
  enter(name: string, address: string): Promise<void>;
  /** The try was right: it does not count. */
  succeeded(name: string, address: string): Promise<void>;
}
