/**
 * Lets what has come meanwhile go first. Awaiting the database does not: its driver never gives up the thread, so a chain of awaits would run to its end
 * before a request is read.
 */
export const nextTurn = (): Promise<void> => new Promise((go) => setImmediate(go));
