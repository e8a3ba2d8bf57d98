import { AsyncResource } from 'node:async_hooks';
import type { Bus, Signal } from '#src/ports/events.ts';
import { batched } from './batched.ts';
import type { Database, Transaction } from './connection.ts';

type Announce = (signal: Signal) => void;
export type StoredTogether = <T>(work: (tx: Transaction, announce: Announce) => Promise<T>) => Promise<T>;

/**
 * Runs the pieces of work that come together in one transaction, and so with one fsync: each costs a millisecond in which nothing else runs. What they
 * announce is heard once it is stored, in the order of the work: who listens passes over events that are older than the last. Work is done again, by
 * itself, when another piece of the same transaction has failed.
 */
export function storedTogether(db: Database, bus: Bus): StoredTogether {
  const run = batched(async (pieces: readonly ((tx: Transaction) => Promise<Signal[]>)[]) => {
    const signals = await db.transaction(async (tx) => {
      const all: Signal[] = [];
      for (const piece of pieces) all.push(...(await piece(tx)));
      return all;
    });
    for (const signal of signals) bus.announce(signal);
    return pieces;
  });
  return async <T>(work: (tx: Transaction, announce: Announce) => Promise<T>) => {
    const done: T[] = [];
    // A batch runs on behalf of whoever came first, and each piece belongs to the action of its own caller.
    const inCaller = AsyncResource.bind(work);
    await run(async (tx) => {
      const signals: Signal[] = [];
      done[0] = await inCaller(tx, (signal) => signals.push(signal));
      return signals;
    });
    return done[0]!;
  };
}
