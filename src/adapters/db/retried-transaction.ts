const MOST_TRIES = 30;
/** What somebody else has just taken: the second look finds it. */
const MOST_TRIES_OF_TAKEN = 3;
const FIRST_REST_MS = 2;
const MOST_REST_MS = 100;

const text = (value: unknown, key: 'code' | 'kind'): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

/** Prisma tells of a conflict by a code of its own, but not where it comes at the commit. */
const isDisturbed = (error: unknown): boolean =>
  text(error, 'code') === 'P2034' ||
  (error instanceof Error && (text(error.cause, 'kind') === 'TransactionWriteConflict' || isDisturbed(error.cause)));

const isTaken = (error: unknown): boolean => text(error, 'code') === 'P2002';

/**
 * A transaction that sees the database as if it were alone is taken back when another one has changed what it read, and done again here, from its
 * beginning: what it tells the outside it tells when it is over.
 */
export async function againWhenDisturbed<T>(transaction: () => Promise<T>, random = Math.random): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await transaction();
    } catch (error) {
      const most = isDisturbed(error) ? MOST_TRIES : isTaken(error) ? MOST_TRIES_OF_TAKEN : 1;
      if (tries >= most) throw error;
      const rest = Math.min(MOST_REST_MS, FIRST_REST_MS * 2 ** tries);
      await new Promise((resolve) => setTimeout(resolve, rest * random()));
    }
  }
}
