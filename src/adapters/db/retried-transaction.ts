import { z } from 'zod';

const MOST_TRIES = 30;
const FIRST_REST_MS = 2;
const MOST_REST_MS = 100;

/** Of Prisma's own errors, wherever it keeps the driver's. */
const told = z.object({
  code: z.string().optional().catch(undefined),
  kind: z.string().optional().catch(undefined),
  cause: z.unknown().optional(),
  meta: z.object({ driverAdapterError: z.unknown() }).optional().catch(undefined),
});

/**
 * What was looked for, not there, and then taken by somebody else meanwhile, PostgreSQL tells as taken: nothing here stores what it has not looked for.
 */
const DISTURBED: ReadonlySet<string | undefined> = new Set([
  'TransactionWriteConflict',
  'UniqueConstraintViolation',
  'P2034',
  'P2002',
]);

function isDisturbed(error: unknown): boolean {
  const parsed = told.safeParse(error);
  if (!parsed.success) return false;
  const { code, kind, cause, meta } = parsed.data;
  return DISTURBED.has(code) || DISTURBED.has(kind) || isDisturbed(cause) || isDisturbed(meta?.driverAdapterError);
}

/**
 * A transaction that sees the database as if it were alone is taken back when another one has changed what it read, and done again here, from its
 * beginning: what it tells the outside it tells when it is over.
 */
export async function againWhenDisturbed<T>(transaction: () => Promise<T>, random = Math.random): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (tries >= MOST_TRIES || !isDisturbed(error)) throw error;
      const rest = Math.min(MOST_REST_MS, FIRST_REST_MS * 2 ** tries);
      await new Promise((resolve) => setTimeout(resolve, rest * random()));
    }
  }
}
