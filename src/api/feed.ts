import { tracked } from '@trpc/server';
import { appErrorIn } from '#src/domain/errors.ts';
import type { FeedEvent, FeedNotice } from '#src/domain/events/feed.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { Turns } from '#src/ports/auth.ts';
import type { Bus, EventLog, StoredEvent } from '#src/ports/events.ts';

export type FeedDeps = {
  bus: Bus;
  events: EventLog;
  replays: Turns;
};

/** More than this many missed events are not told one by one: the client reads everything again. */
const MAX_REPLAYED = 1000;
const PAGE = 100;
const ASK_AGAIN_MS = 500;

/** While the database is out of reach a feed waits: one that ended with an error would not be asked for again. */
async function patiently<T>(read: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (signal.aborted || appErrorIn(error)?.code !== 'database_unavailable') throw error;
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  }
}

function tell(stored: StoredEvent): FeedEvent {
  const { type, jobId } = stored;
  return type === 'result.added' ? { type, jobId, resultId: stored.resultId } : { type, jobId };
}

/**
 * What concerns this actor, from `lastEventId` on, without a gap and nothing twice: listens first, then reads what was missed, then goes on with what
 * came meanwhile. Notices carry the id of the event before them, so that resuming after one resumes at the right place.
 */
export async function* feed(deps: FeedDeps, actor: Actor, lastEventId: number | null, signal: AbortSignal) {
  const everything = actor.role === 'operator';
  const userId = everything ? null : actor.userId;
  const queue: (StoredEvent | FeedNotice)[] = [];
  let wake: () => void = () => undefined;
  // Of a job, only the last of these matters: a slow line must not be sent them all.
  const latest = new Map<string, FeedNotice>();
  const push = (item: StoredEvent | FeedNotice) => {
    if (item.type === 'run.moved') latest.set(item.jobId, item);
    else queue.push(item);
    wake();
  };
  const next = (): StoredEvent | FeedNotice | undefined => {
    const [key = '', notice] = queue.length > 0 ? [] : (latest.entries().next().value ?? []);
    latest.delete(key);
    return notice ?? queue.shift();
  };
  const unlisten = deps.bus.listen((message) => {
    if (message.type === 'stored' && (everything || message.event.userId === actor.userId)) push(message.event);
    if (message.type === 'phase.moved' && (everything || message.userId === actor.userId))
      push({ type: 'phase.moved', jobId: message.jobId });
    if (message.type === 'run.moved' && (everything || message.userId === actor.userId))
      push({ type: 'run.moved', jobId: message.jobId, run: message.run });
    if (message.type === 'results.changed') {
      if (message.userId === actor.userId) push({ type: 'results.changed', jobId: null, resultIds: message.ids });
      if (message.wall) push({ type: 'wall.changed', jobId: null });
    }
    if (message.type === 'settings.changed') push({ type: 'line.changed', jobId: null });
    if (message.type === 'announcement.changed' || message.type === 'workflows.changed')
      push({ type: message.type, jobId: null });
    if (message.type === 'act.written' && everything) push({ type: 'acts.changed', jobId: null });
    if (message.type === 'presence.changed' && everything) push({ type: message.type, jobId: null });
    if (message.type === 'logs.written' && everything) push({ type: 'logs.changed', jobId: null });
    if (message.type === 'platform.changed' && everything) push({ type: message.type, jobId: null });
    // Names come and go with a setting; what a disabled participant shared goes with the account.
    const isDisabled =
      message.type === 'sessions.ended' && message.sessionId === null && message.keepSessionId === null;
    if (message.type === 'settings.changed' || isDisabled) push({ type: 'wall.changed', jobId: null });
    if (message.type === 'line.moved') {
      // Operators see everybody's places.
      if (everything) push({ type: 'line.changed', jobId: null });
      const positions = message.positions.get(actor.userId);
      if (positions) push({ type: 'queue.moved', jobId: null, positions: Object.fromEntries(positions) });
    }
  });
  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort);
  try {
    const newest = await patiently(() => deps.events.newestId(), signal);
    let last = lastEventId ?? newest;
    let missed = false;
    if (lastEventId !== null) {
      const { oldest, count } = await patiently(
        async () => ({
          oldest: await deps.events.oldestId(),
          count: await deps.events.countSince({ afterId: lastEventId, userId, limit: MAX_REPLAYED + 1 }),
        }),
        signal,
      );
      // An id of the future is of a database that is gone: nothing that comes would ever be newer.
      missed = count > MAX_REPLAYED || (oldest !== null && lastEventId < oldest - 1) || lastEventId > newest;
      if (missed) last = await patiently(() => deps.events.newestId(), signal);
    }
    const ready: FeedNotice = { type: 'feed.ready', missed };
    yield tracked(String(last), ready);
    for (let more = lastEventId !== null && !missed; more && !signal.aborted; ) {
      const page = { afterId: last, userId, limit: PAGE };
      const events = await patiently(() => deps.replays('everybody', () => deps.events.since(page)), signal);
      for (const event of events) {
        last = event.id;
        yield tracked(String(event.id), tell(event));
      }
      more = events.length === PAGE;
    }
    while (!signal.aborted) {
      const item = next();
      if (item === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (queue.length > 0 || latest.size > 0 || signal.aborted) resolve();
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
