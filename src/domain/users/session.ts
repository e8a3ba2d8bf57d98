const DAY = 86_400_000;

/** What secrets of ours begin with, so that they are known for what they are wherever they turn up. */
export const TOKEN_PREFIX = 'cfy_';
export const isOfEarlierVersion = (token: string): boolean => !token.startsWith(TOKEN_PREFIX);

export const SESSION_MS = 14 * DAY;
/** A session is renewed by use, but not more often than this: every renewal is a write. */
const RENEW_AFTER_MS = DAY;

/** However it is used: who holds a session that was stolen does not hold it for ever. */
const MAX_SESSION_MS = 90 * DAY;

export const isTooOld = (createdAt: number, now: number): boolean => now - createdAt >= MAX_SESSION_MS;

export const needsRenewal = (expiresAt: number, now: number): boolean => expiresAt - now < SESSION_MS - RENEW_AFTER_MS;

/** Close codes of a WebSocket: its session is over, */
export const SESSION_ENDED_CODE = 4401;
/** and it is another person's now. */
export const SESSION_TURNED_CODE = 4402;
