export interface Passwords {
  hash(password: string): Promise<string>;
  verify(hash: string, password: string): Promise<boolean>;
}

/** Counts failed sign-ins per name and address. */
export interface LoginGuard {
  /** AppError `too_many_attempts` with the seconds to wait. */
  check(name: string, address: string): Promise<void>;
  failed(name: string, address: string): Promise<void>;
  succeeded(name: string, address: string): Promise<void>;
}
