import type { FeedEvent } from '#src/domain/events/feed.ts';
import type { StoredEvent } from '#src/ports/events.ts';
import type { Transaction } from '../connection.ts';
import { toEvent } from '../rows.ts';

/** Part of the transaction that changes what the event tells of. To be announced when that is committed. */
export async function storeEvent(tx: Transaction, userId: string, event: FeedEvent, now: number): Promise<StoredEvent> {
  const row = await tx.event.create({
    data: {
      userId,
      type: event.type,
      jobId: event.jobId,
      resultId: event.type === 'result.added' ? event.resultId : null,
      createdAt: new Date(now),
    },
  });
  return toEvent(row);
}
