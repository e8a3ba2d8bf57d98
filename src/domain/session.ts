const DAY = 86_400_000;

export const SESSION_MS = 14 * DAY;
/** A session is renewed by use, but not more often than this: every renewal is a write. */
const RENEW_AFTER_MS = DAY;

export const needsRenewal = (expiresAt: number, now: number): boolean => expiresAt - now < SESSION_MS - RENEW_AFTER_MS;

/** Close codes of a WebSocket: its session is over, */
export const SESSION_ENDED_CODE = 4401;
/** and it is another person's now. */
export const SESSION_TURNED_CODE = 4402;
