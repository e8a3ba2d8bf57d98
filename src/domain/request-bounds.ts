const KB = 1000;
const MB = 1000 * KB;

/** What one request, or one message of a socket, may hold. */
export const REQUEST = {
  /** Of a body, by what is called. */
  publicBytes: 16 * KB,
  bytes: 256 * KB,
  /** As large as a selection, or what a browser has to report, may be. */
  listBytes: 4 * MB,
  /** A graph and the editor's workflow, and room for the rest. */
  graphBytes: 10 * MB,
  /** Larger ones are parsed aside, one after another; and of those that are larger still, one person has few at a time. */
  asideBytes: 256 * KB,
  largeBytes: MB,
} as const;

/** In one request, or one message of a socket. */
export const MAX_CALLS = 20;

/** What one person may have open, and one socket. */
export const SOCKET = {
  messageBytes: 256 * KB,
  messagesPerSecond: 50,
  subscriptions: 20,
  perPerson: 20,
} as const;

/** Of all sockets of one person together. Apart from the above, and in plain numbers, so that the extension does not carry it. */
export const SOCKETS = {
  MAX_MESSAGES_PER_SECOND: 100,
  MAX_BYTES_PER_SECOND: 1_000_000,
  /** All their tabs after a restart, twice. */
  MAX_OPENED: 40,
  OPENED_WINDOW_MS: 10_000,
  /** That a peer has not taken yet, of each. */
  MAX_UNREAD_BYTES: 4_000_000,
} as const;
