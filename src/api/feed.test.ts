import { describe, expect, test } from 'vitest';
import { createBus } from '#src/adapters/events/bus.ts';
import { AppError } from '#src/domain/errors.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { Turns } from '#src/ports/auth.ts';
import type { EventLog, StoredEvent } from '#src/ports/events.ts';
import { feed } from './feed.ts';

const anna: Actor = { userId: 'anna', name: 'Anna', role: 'participant' };
const teacher: Actor = { userId: 'teacher', name: 'Teacher', role: 'operator' };
const event = (id: number, userId = 'anna'): StoredEvent => ({ id, userId, type: 'job.updated', jobId: `job ${id}` });

const never = new AbortController().signal;
const replays: Turns = (_who, read) => read();

/** A log in memory, a bus, and what a listener hears. */
function stage(events: StoredEvent[] = []) {
  const bus = createBus((error) => {
    throw error;
  });
  const log: EventLog = {
    newestId: async () => events.at(-1)?.id ?? 0,
    oldestId: async () => events[0]?.id ?? null,
    since: async ({ afterId, userId, limit }) =>
      events.filter((one) => one.id > afterId && (userId === null || one.userId === userId)).slice(0, limit),
    countSince: async (query) => (await log.since(query)).length,
    forgetBefore: async () => 0,
  };
  const store = (one: StoredEvent): void => {
    events.push(one);
    bus.announce({ type: 'stored', event: one });
  };
  /** Hears so many messages, then goes away. `meanwhile` is done after each. */
  async function hear(
    actor: Actor,
    lastEventId: number | null,
    most: number,
    meanwhile: (n: number) => void = () => undefined,
  ) {
    const message: [string, unknown][] = [];
    for await (const [id, data] of feed({ bus, events: log, replays }, actor, lastEventId, never)) {
      message.push([id, data]);
      meanwhile(message.length);
      if (message.length === most) break;
    }
    return message;
  }
  return { bus, log, store, hear };
}
const ready = (id: number, missed = false) => [String(id), { type: 'feed.ready', missed }];
const told = (id: number) => [String(id), { type: 'job.updated', jobId: `job ${id}` }];

describe('the feed of one listener', () => {
  test('waits while the database is out of reach, and ends with any other fault', async () => {
    const { log, hear } = stage([event(1)]);
    const { newestId } = log;
    let asked = 0;
    log.newestId = async () => {
      asked += 1;
      if (asked === 1) throw new Error('x', { cause: new AppError('database_unavailable', 'away') });
      return newestId();
    };
    expect(await hear(anna, null, 1)).toEqual([ready(1)]);
    expect(asked).toBe(2);
    log.newestId = () => Promise.reject(new Error('anything else'));
    await expect(hear(anna, null, 1)).rejects.toThrow('anything else');
  });

  test('without a last id: from now on', async () => {
    const { store, hear } = stage([event(1), event(2)]);
    expect(await hear(anna, null, 3, (n) => n === 1 && [event(3, 'ben'), event(4), event(5)].forEach(store))).toEqual([
      ready(2),
      told(4),
      told(5),
    ]);
  });

  test('with a last id: what was missed, then what comes', async () => {
    const { store, hear } = stage([1, 2, 3].map((id) => event(id)));
    expect(await hear(anna, 1, 4, (n) => n === 2 && store(event(4)))).toEqual([ready(1), told(2), told(3), told(4)]);
    const all = stage([event(1), event(2, 'ben'), event(3)]);
    expect(await all.hear(teacher, 0, 4)).toEqual([ready(0), told(1), told(2), told(3)]);
  });

  test('what is stored while the missed ones are read comes once', async () => {
    const { log, store, hear } = stage([1, 2].map((id) => event(id)));
    const { since } = log;
    log.since = async (query) => {
      store(event(3));
      const found = await since(query);
      store(event(4));
      return found;
    };
    expect(await hear(anna, 1, 4)).toEqual([ready(1), told(2), told(3), told(4)]);
  });

  test('more than a thousand, or some that are forgotten, or an id of another database: read everything again', async () => {
    const many = Array.from({ length: 1001 }, (_, n) => event(n + 1));
    expect(await stage([...many]).hear(anna, 0, 1)).toEqual([ready(1001, true)]);
    expect((await stage(many.slice(0, 1000)).hear(anna, 0, 1001)).length).toBe(1001);
    expect(await stage([event(50), event(51)]).hear(anna, 10, 1)).toEqual([ready(51, true)]);
    expect(await stage([event(50), event(51)]).hear(anna, 49, 1)).toEqual([ready(49)]);
    const restored = stage([event(1), event(2)]);
    expect(await restored.hear(anna, 5000, 2, (n) => n === 1 && restored.store(event(3)))).toEqual([
      ready(2, true),
      told(3),
    ]);
  });

  test('notices go to whom they concern, and to resume after one is to resume at the event before it', async () => {
    const { bus, store, hear } = stage([event(7)]);
    const message = await hear(anna, null, 6, (n) => {
      if (n !== 1) return;
      bus.announce({ type: 'line.moved', positions: new Map([['ben', new Map([['x', 1]])]]) });
      bus.announce({ type: 'line.moved', positions: new Map([['anna', new Map([['y', 2]])]]) });
      bus.announce({ type: 'phase.moved', userId: 'ben', jobId: 'x' });
      bus.announce({ type: 'phase.moved', userId: 'anna', jobId: 'y' });
      bus.announce({ type: 'settings.changed' });
      store(event(8));
    });
    expect(message).toEqual([
      ready(7),
      ['7', { type: 'queue.moved', jobId: null, positions: { y: 2 } }],
      ['7', { type: 'phase.moved', jobId: 'y' }],
      ['7', { type: 'line.changed', jobId: null }],
      ['7', { type: 'wall.changed', jobId: null }],
      told(8),
    ]);
  });
});
