import { z } from 'zod';
import type { FeedEvent } from '#src/domain/events/feed.ts';
import type { StoredEvent } from '#src/ports/events.ts';
import type { Transaction } from './connection.ts';
import { sql } from './generated/internal/prismaNamespace.ts';
import { insertInto } from './raw.ts';

/** To be stored with what it tells of, and announced when that is committed. */
export type NewEvent = {
  readonly type: 'new';
  readonly userId: string;
  readonly event: FeedEvent;
  readonly now: number;
};

export const jobUpdated = (userId: string, jobId: string, now: number): NewEvent => ({
  type: 'new',
  userId,
  event: { type: 'job.updated', jobId },
  now,
});

const inserted = z.array(z.object({ id: z.coerce.number() }));

/** All of a transaction as its last statement. Their ids rise in this order. */
export async function storeEvents(tx: Transaction, events: readonly NewEvent[]): Promise<StoredEvent[]> {
  if (events.length === 0) return [];
  const rows = events.map(({ userId, event, now }) => ({
    userId,
    type: event.type,
    jobId: event.jobId,
    resultId: event.type === 'result.added' ? event.resultId : null,
    createdAt: new Date(now),
  }));
  const stored = inserted.parse(await tx.$queryRaw(sql`${insertInto('Event', rows)} RETURNING "id"`));
  const ids = stored.map(({ id }) => id).sort((a, b) => a - b);
  return events.map(({ userId, event }, index) => ({ ...event, userId, id: ids[index]! }));
}
