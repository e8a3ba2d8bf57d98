import { tracked } from '@trpc/server';
import type { FeedEvent, FeedNotice } from '#src/domain/events/feed.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { StoredEvent } from '#src/ports/events.ts';
import type { ApiDeps } from './trpc.ts';

/** More than this many missed events are not told one by one: the client reads everything again. */
const MOST_REPLAYED = 1000;
const PAGE = 100;

function tell(stored: StoredEvent): FeedEvent {
  const { type, jobId } = stored;
  return type === 'result.added' ? { type, jobId, resultId: stored.resultId } : { type, jobId };
}

/**
 * What concerns this actor, from `lastEventId` on, without a gap and nothing twice: listens first, then reads what was missed, then goes on with what
 * came meanwhile. Notices carry the id of the event before them, so that resuming after one resumes at the right place.
 */
export async function* feed(
  deps: Pick<ApiDeps, 'bus' | 'events' | 'replays'>,
  actor: Actor,
  lastEventId: number | null,
  signal: AbortSignal,
) {
  const everything = actor.role === 'operator';
  const userId = everything ? null : actor.userId;
  const queue: (StoredEvent | FeedNotice)[] = [];
  let wake: () => void = () => undefined;
  const push = (item: StoredEvent | FeedNotice) => {
    queue.push(item);
    wake();
  };
  const unlisten = deps.bus.listen((heard) => {
    if (heard.type === 'stored' && (everything || heard.event.userId === actor.userId)) push(heard.event);
    if (heard.type === 'phase.moved' && (everything || heard.userId === actor.userId))
      push({ type: 'phase.moved', jobId: heard.jobId });
    if (heard.type === 'results.changed') {
      if (heard.userId === actor.userId) push({ type: 'results.changed', jobId: null, resultIds: heard.ids });
      if (heard.wall) push({ type: 'wall.changed', jobId: null });
    }
    if (heard.type === 'settings.changed') push({ type: 'line.changed', jobId: null });
    if (heard.type === 'announcement.changed' || heard.type === 'workflows.changed')
      push({ type: heard.type, jobId: null });
    if (heard.type === 'act.written' && everything) push({ type: 'acts.changed', jobId: null });
    if (heard.type === 'presence.changed' && everything) push({ type: heard.type, jobId: null });
    if (heard.type === 'logs.written' && everything) push({ type: 'logs.changed', jobId: null });
    if (heard.type === 'platform.changed' && everything) push({ type: heard.type, jobId: null });
    // Names come and go with a setting; what a disabled participant showed goes with her.
    const isDisabled = heard.type === 'sessions.ended' && heard.sessionId === null && heard.keepSessionId === null;
    if (heard.type === 'settings.changed' || isDisabled) push({ type: 'wall.changed', jobId: null });
    if (heard.type === 'line.moved') {
      const positions = heard.positions.get(actor.userId);
      if (positions) push({ type: 'queue.moved', jobId: null, positions: Object.fromEntries(positions) });
    }
  });
  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort);
  try {
    const newest = await deps.events.newestId();
    let last = lastEventId ?? newest;
    let missed = false;
    if (lastEventId !== null) {
      const oldest = await deps.events.oldestId();
      const count = await deps.events.countSince({ afterId: lastEventId, userId, limit: MOST_REPLAYED + 1 });
      // An id of the future is of a database that is gone: nothing that comes would ever be newer.
      missed = count > MOST_REPLAYED || (oldest !== null && lastEventId < oldest - 1) || lastEventId > newest;
      if (missed) last = await deps.events.newestId();
    }
    const ready: FeedNotice = { type: 'feed.ready', missed };
    yield tracked(String(last), ready);
    for (let more = lastEventId !== null && !missed; more && !signal.aborted; ) {
      const page = { afterId: last, userId, limit: PAGE };
      const events = await deps.replays('everybody', () => deps.events.since(page));
      for (const event of events) {
        last = event.id;
        yield tracked(String(event.id), tell(event));
      }
      more = events.length === PAGE;
    }
    while (!signal.aborted) {
      const item = queue.shift();
      if (item === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (queue.length > 0 || signal.aborted) resolve();
        });
      } else if ('userId' in item) {
        if (item.id <= last) continue;
        last = item.id;
        yield tracked(String(item.id), tell(item));
      } else yield tracked(String(last), item);
    }
  } finally {
    unlisten();
    signal.removeEventListener('abort', onAbort);
  }
}
