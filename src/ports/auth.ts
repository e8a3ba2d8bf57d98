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

export interface Passwords {
  /** Whether it is among those that are tried first. */
  isCommon(password: string): Promise<boolean>;
  hash(password: string): Promise<string>;
  verify(hash: string, password: string): Promise<boolean>;
}

/** The way from the gallery to the ComfyUI tab's origin: a code that is good once, for half a minute, in one browser. */
export interface TabCodes {
  /** `state`: known to the browser that asks, and to no other. */
  issue(way: { sessionId: string; state: string }): string;
  /** The session in the gallery that the code was given to; null for any other code, time or browser. */
  take(code: string, state: string): string | null;
}

/** Keeps texts unreadable for everybody but this process, whose key for them is in memory only. `about`: what a text belongs to; for anything else it does not open. */
export interface Sealer {
  seal(text: string, about: string): string;
  /** Null = sealed before the last restart, or changed since. */
  open(sealed: string, about: string): string | null;
}

/** What a name looks like: names with the same looks cannot be told apart on a screen. */
export type AppearanceOf = (name: string) => string;

/** Runs few of one person's calls at a time; the others wait, and other people's calls go in between. AppError `too_many_attempts`. */
export type Turns = <T>(who: string, call: () => Promise<T>) => Promise<T>;
