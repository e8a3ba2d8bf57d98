import { AsyncResource } from 'node:async_hooks';
import type { Bus, Signal, StoredEvent } from '#src/ports/events.ts';
import { batched } from './batched.ts';
import type { Database, Transaction } from './connection.ts';
import { toEvent } from './rows.ts';
import { type NewEvent, storeEvents } from './store-event.ts';

type Message = Signal | NewEvent;
type Work<T> = (tx: Transaction, announce: (message: Message) => void) => Promise<T>;

export interface StoredTogether {
  <T>(work: Work<T>): Promise<T>;
  /** What would be found out again if it were lost, such as that a run has started: joins the next transaction, or has one of its own within this time. */
  within<T>(ms: number, work: Work<T>): Promise<T>;
}

const MOST_AT_ONCE = 1000;

/** One for each bus, so for each database: what different stores write at the same moment shares a transaction too. */
const known = new WeakMap<Bus, { readonly db: Database; readonly together: StoredTogether }>();

/**
 * Runs the pieces of work that come together in one transaction, and so with one fsync: each costs a millisecond in which nothing else runs. Their events
 * are stored as its last statement. What they announce is heard once it is stored, in the order of the work: who listens passes over events that are older
 * than the last. Work is done again, by itself, when another piece of the same transaction has failed.
 */
export function storedTogether(db: Database, bus: Bus): StoredTogether {
  const before = known.get(bus);
  if (before?.db === db) return before.together;
  let newest: number | null = null;
  let mayBeStored = false;

  const announce = (event: StoredEvent): void => {
    newest = event.id;
    bus.announce({ type: 'stored', event });
  };

  /** Where the answer to a commit was lost, its events may be there. They are heard before any later one, or nobody would miss them. */
  async function catchUp(): Promise<void> {
    newest ??= (await db.event.findFirst({ orderBy: { id: 'desc' }, select: { id: true } }))?.id ?? 0;
    while (mayBeStored) {
      const rows = await db.event.findMany({
        where: { id: { gt: newest } },
        orderBy: { id: 'asc' },
        take: MOST_AT_ONCE,
      });
      for (const row of rows) announce(toEvent(row));
      mayBeStored = rows.length === MOST_AT_ONCE;
    }
  }

  const run = batched(async (pieces: readonly ((tx: Transaction) => Promise<Message[]>)[]) => {
    await catchUp();
    mayBeStored = true;
    const signals = await db.transaction(async (tx) => {
      const all: Message[] = [];
      for (const piece of pieces) all.push(...(await piece(tx)));
      const events = await storeEvents(
        tx,
        all.filter((message) => message.type === 'new'),
      );
      return all.map(
        (message): Signal => (message.type === 'new' ? { type: 'stored', event: events.shift()! } : message),
      );
    });
    mayBeStored = false;
    for (const signal of signals) {
      if (signal.type === 'stored') announce(signal.event);
      else bus.announce(signal);
    }
    return pieces;
  });
  type Piece = Parameters<typeof run>[0];
  const store = async <T>(work: Work<T>, add: (piece: Piece) => Promise<Piece>): Promise<T> => {
    const done: T[] = [];
    // A batch runs on behalf of whoever came first, and each piece belongs to the action of its own caller.
    const inCaller = AsyncResource.bind(work);
    await add(async (tx) => {
      const messages: Message[] = [];
      done[0] = await inCaller(tx, (message) => messages.push(message));
      return messages;
    });
    return done[0]!;
  };
  const together: StoredTogether = Object.assign(<T>(work: Work<T>) => store(work, run), {
    within: <T>(ms: number, work: Work<T>) => store(work, (piece) => run.within(ms, piece)),
  });
  known.set(bus, { db, together });
  return together;
}
