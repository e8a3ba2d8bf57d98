/** The way from the gallery to the ComfyUI tab's origin: a code that is good once, for half a minute, in one browser. */
export interface TabCodes {
  /** `state`: known to the browser that asks, and to no other. */
  issue(way: { sessionId: string; state: string }): string;
  /** The session in the gallery that the code was given to; null for any other code, time or browser. */
  take(code: string, state: string): string | null;
}
