/** Who asks: `device` is what this browser was given when somebody signed in with it. */
export type Caller = { readonly address: string; readonly device: string | null };

/** Counts sign-ins that fail. */
export interface LoginGuard {
  /** Counts a try before it is judged, so that many at once count too. AppError `too_many_attempts` with the seconds to wait. */
  enter(name: string, caller: Caller): Promise<void>;
  /** The try was right: none counts any more. Gives what this browser is to be known by. */
  succeeded(name: string, caller: Caller): Promise<string>;
}

/** Counts who joins a class. Each `try…` and `take…` throws AppError `too_many_attempts`; the other two take a count back. */
export interface JoinGuard {
  tryCode(address: string): Promise<void>;
  rightCode(address: string): Promise<void>;
  takeSeat(address: string): Promise<void>;
  noSeat(address: string): Promise<void>;
}
