const DAY = 86_400_000;

export const SESSION_MS = 14 * DAY;
/** A session is renewed by use, but not more often than this: every renewal is a write. */
const RENEW_AFTER_MS = DAY;

export const needsRenewal = (expiresAt: number, now: number): boolean => expiresAt - now < SESSION_MS - RENEW_AFTER_MS;
