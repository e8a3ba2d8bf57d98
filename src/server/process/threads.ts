/**
 * Node's threads for files and hashing, and how many of them each kind of work may hold: what waits for the share, or for a hash, must never keep the
 * database's disk waiting. Node takes `pool` from the environment before it runs anything, so it is set by whatever starts the process.
 */
export const THREADS = { pool: 16, hashing: 2, share: 3, media: 4 } as const;
