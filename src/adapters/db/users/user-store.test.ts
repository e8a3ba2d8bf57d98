import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { User } from '#src/ports/users.ts';
import type { Database } from '../connection.ts';
import { type Fresh, openFresh } from '../fresh-database.testing.ts';

const HOUR = 3_600_000;

/** The disk of the database, as far as sessions need some of it. */
async function diskOf(db: Database) {
  const ask = (sql: string) => db.$queryRawUnsafe<Record<string, unknown>[]>(sql);
  if (db.dialect.name === 'sqlite') {
    const [row] = await ask('PRAGMA page_count');
    return {
      fill: () => ask(`PRAGMA max_page_count = ${row?.page_count}`),
      makeRoom: () => ask('PRAGMA max_page_count = 1000000'),
    };
  }
  await ask(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE disk_full; END $$`);
  return {
    fill: () => ask('CREATE TRIGGER full_disk BEFORE INSERT ON "Session" FOR EACH ROW EXECUTE FUNCTION refuse()'),
    makeRoom: () => ask('DROP TRIGGER full_disk ON "Session"'),
  };
}

describe('users', () => {
  let stores: Fresh;
  const now = Date.parse('2026-11-23T10:00:00.000Z');

  beforeAll(async () => {
    stores = await openFresh();
  });
  afterEach(() => {
    stores.message.length = 0;
  });
  afterAll(() => stores.close());

  const create = (name: string, role: 'participant' | 'operator' = 'participant'): Promise<User> =>
    stores.users.create({ id: randomUUID(), name, role, passwordHash: `hash of ${name}`, now });
  const openSession = async (userId: string, more: { now?: number; expiresAt?: number; tokenHash?: string } = {}) => {
    const session = { id: randomUUID(), tokenHash: randomUUID(), userId, now, expiresAt: now + HOUR, ...more };
    await stores.users.openSession(session);
    return session;
  };
  const isOpen = async ({ tokenHash }: { tokenHash: string }): Promise<boolean> =>
    (await stores.users.session(tokenHash, now)) !== null;

  test('an operator is one only while not disabled', async () => {
    expect(await stores.users.hasOperator()).toBe(false);
    await create('Nobody special');
    expect(await stores.users.hasOperator()).toBe(false);
    const boss = await create('Boss', 'operator');
    expect(await stores.users.hasOperator()).toBe(true);
    await expect(stores.users.setEnabled(boss.id, false, now)).rejects.toMatchObject({ code: 'conflict' });
    const second = await create('Second boss', 'operator');
    await stores.users.setEnabled(boss.id, false, now);
    await expect(stores.users.leave(second.id, now)).rejects.toMatchObject({ code: 'conflict' });
    expect(await stores.users.byName('Second boss')).toEqual(second);
    await stores.db.user.delete({ where: { id: second.id } });
    expect(await stores.users.hasOperator()).toBe(false);
  });

  test('gives what was stored', async () => {
    const user = await create('Zoë Ångström');
    expect(user).toEqual({
      id: user.id,
      name: 'Zoë Ångström',
      role: 'participant',
      folder: 'Zoë Ångström',
      passwordHash: 'hash of Zoë Ångström',
      enabled: true,
      comfyui: true,
      createdAt: now,
      lastSeenAt: null,
      leftAt: null,
      waitingCap: null,
      inFlightCap: null,
    });
    expect(await stores.users.find(user.id)).toEqual(user);
    expect(await stores.users.byName('zoË ÅNGSTRÖM')).toEqual(user);
    expect(await stores.users.find(randomUUID())).toBeNull();
    expect(await stores.users.byName('Zoe')).toBeNull();
    expect((await stores.users.list()).find(({ id }) => id === user.id)).toEqual(user);
    expect((await stores.users.roster('here')).find(({ id }) => id === user.id)).toEqual({
      ...user,
      jobs: 0,
      results: 0,
      bytes: 0,
      gpuMs: 0,
      joinedBy: null,
    });
  });

  test.each([
    ['Anna', 'anna'],
    ['ÉMILE', 'émile'],
    ['ﬁlm', 'film'],
    ['Ｗｉｄｅ', 'wide'],
  ])('"%s" and "%s" are the same name', async (one, other) => {
    await create(one);
    await expect(create(other)).rejects.toMatchObject({
      code: 'conflict',
      message: `A user named "${other}" already exists.`,
    });
  });

  test('of ten that take one name at once, one gets it', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) => create(n % 2 === 0 ? 'Raced' : 'RACED')),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'conflict' });
  });

  test('a session lasts until its time, and can be prolonged', async () => {
    const user = await create('Session');
    const session = await openSession(user.id);
    expect(await stores.users.session(session.tokenHash, now)).toEqual({
      id: session.id,
      expiresAt: now + HOUR,
      parentId: null,
      user: { ...user, lastSeenAt: now },
      operator: null,
    });
    expect(await stores.users.session(session.tokenHash, now + HOUR - 1)).not.toBeNull();
    expect(await stores.users.session(session.tokenHash, now + HOUR)).toBeNull();
    expect(await stores.users.session('another', now)).toBeNull();
    await stores.users.renewSession(session.id, now + 5, now + 2 * HOUR);
    expect(await stores.users.session(session.tokenHash, now + HOUR)).toMatchObject({
      expiresAt: now + 2 * HOUR,
      user: { lastSeenAt: now + 5 },
    });
    await stores.users.renewSession(randomUUID(), now, now + HOUR);
  });

  test('opening one clears away those of the user that are over', async () => {
    const user = await create('Clears');
    await openSession(user.id, { expiresAt: now - 1 });
    const second = await openSession(user.id);
    expect(await stores.db.session.findMany({ where: { userId: user.id }, select: { id: true } })).toEqual([
      { id: second.id },
    ]);
  });

  test('closing one leaves the others, and both ways are announced', async () => {
    const user = await create('Closes');
    const [first, second, third] = [await openSession(user.id), await openSession(user.id), await openSession(user.id)];
    await stores.users.closeSession(first.id);
    expect([await isOpen(first), await isOpen(second)]).toEqual([false, true]);
    await stores.users.closeSession(first.id);
    await stores.users.closeSessions(user.id);
    expect([await isOpen(second), await isOpen(third)]).toEqual([false, false]);
    expect(stores.message).toEqual([
      { type: 'sessions.ended', userId: user.id, sessionId: first.id, keepSessionId: null },
      { type: 'sessions.ended', userId: user.id, sessionId: null, keepSessionId: null },
    ]);
  });

  test('a session ends after 90 days, however it is used', async () => {
    const user = await create('Stays for long');
    const { id, tokenHash } = await openSession(user.id);
    const later = now + 90 * 24 * HOUR;
    await stores.users.renewSession(id, later - 1, later + HOUR);
    expect(await stores.users.session(tokenHash, later - 1)).not.toBeNull();
    expect(await stores.users.session(tokenHash, later)).toBeNull();
  });

  test('disabling ends all sessions of that user and blocks sign-in, and affects nobody else', async () => {
    const [user, other] = [await create('Out'), await create('Stays')];
    const [session, others] = [await openSession(user.id), await openSession(other.id)];
    const token = {
      id: randomUUID(),
      tokenHash: 'out token',
      name: 'script',
      userId: user.id,
      scope: 'all',
      now,
      expiresAt: null,
    } as const;
    await stores.users.addToken(token);
    await stores.users.setEnabled(user.id, false, now);
    expect([await isOpen(session), await isOpen(others)]).toEqual([false, true]);
    expect(await stores.users.token(token.tokenHash, now)).toBeNull();
    expect((await stores.users.find(user.id))?.enabled).toBe(false);
    expect(stores.message).toEqual([{ type: 'sessions.ended', userId: user.id, sessionId: null, keepSessionId: null }]);
    const early = await openSession(user.id);
    expect(await isOpen(early)).toBe(false);
    await stores.users.setEnabled(user.id, true, now);
    expect(await isOpen(session)).toBe(false);
    expect((await stores.users.token(token.tokenHash, now))?.user.id).toBe(user.id);
    expect(stores.message).toHaveLength(1);
  });

  test('when the disk is full operators come in all the same, until the process ends; others are told why not', async () => {
    const [operator, user] = [await create('Opens when full', 'operator'), await create('Waits')];
    const disk = await diskOf(stores.db);
    await disk.fill();
    const long = { tokenHash: 'x'.repeat(200_000) };
    await expect(openSession(user.id, long)).rejects.toThrow();
    const session = await openSession(operator.id, long);
    expect(await stores.users.session(session.tokenHash, now)).toMatchObject({ id: session.id, operator: null });
    expect(await stores.users.session(session.tokenHash, now + HOUR)).toBeNull();
    await disk.makeRoom();
    await stores.users.closeSession(session.id);
    expect(await isOpen(session)).toBe(false);
    await disk.fill();
    const again = await openSession(operator.id, long);
    await disk.makeRoom();
    await stores.users.closeSessions(operator.id);
    expect(await isOpen(again)).toBe(false);
  });

  test('a new password ends all sessions but the one that is kept', async () => {
    const user = await create('Changes');
    const [kept, other] = [await openSession(user.id), await openSession(user.id)];
    const token = {
      id: randomUUID(),
      tokenHash: 'ends',
      name: 'x',
      userId: user.id,
      scope: 'all',
      now,
      expiresAt: null,
    } as const;
    await stores.users.addToken(token);
    await stores.users.setPassword(user.id, 'new hash', kept.id);
    expect(await stores.users.token('ends', now)).toBeNull();
    expect([await isOpen(kept), await isOpen(other)]).toEqual([true, false]);
    expect((await stores.users.find(user.id))?.passwordHash).toBe('new hash');
    await stores.users.setPassword(user.id, 'newer hash', null);
    expect(await isOpen(kept)).toBe(false);
    expect(stores.message).toEqual([
      { type: 'sessions.ended', userId: user.id, sessionId: null, keepSessionId: kept.id },
      { type: 'sessions.ended', userId: user.id, sessionId: null, keepSessionId: null },
    ]);
  });

  test('personal tokens: found by hash, last use kept by the hour, revoked by their owner only', async () => {
    const [user, other] = [await create('Scripts'), await create('Others')];
    const [first, second] = ['first', 'second'].map((name, n) => ({
      id: randomUUID(),
      tokenHash: `hash ${name}`,
      name,
      userId: user.id,
      scope: 'submit' as const,
      now: now + n,
      expiresAt: now + HOUR,
    }));
    if (!first || !second) throw new Error('two tokens');
    await stores.users.addToken(first);
    await stores.users.addToken(second);
    const lastUsed = async (): Promise<(number | null)[]> =>
      (await stores.users.tokens(user.id)).map(({ lastUsedAt }) => lastUsedAt);
    expect(await stores.users.tokens(user.id)).toEqual(
      [second, first].map(({ id, name, scope, expiresAt, now: createdAt }) => ({
        id,
        name,
        scope,
        createdAt,
        lastUsedAt: null,
        expiresAt,
      })),
    );
    expect(await stores.users.token(first.tokenHash, now + HOUR - 1)).toMatchObject({ scope: 'submit' });
    expect(await stores.users.token(first.tokenHash, now + HOUR)).toBeNull();
    expect(await stores.users.token(first.tokenHash, now)).toMatchObject({ id: first.id, lastUsedAt: null, user });
    await stores.users.tokenUsed(first.id, now);
    expect(await lastUsed()).toEqual([null, now]);
    expect(await stores.users.revokeToken(other.id, first.id)).toBe(false);
    expect(await stores.users.token(first.tokenHash, now)).toMatchObject({ lastUsedAt: now });
    expect(stores.message).toEqual([]);
    expect(await stores.users.revokeToken(user.id, first.id)).toBe(true);
    expect(await stores.users.token(first.tokenHash, now)).toBeNull();
    expect(await stores.users.revokeToken(user.id, first.id)).toBe(false);
    expect((await stores.users.tokens(user.id)).map(({ name }) => name)).toEqual(['second']);
    expect(await stores.users.tokens(other.id)).toEqual([]);
    expect(stores.message).toEqual([{ type: 'sessions.ended', userId: user.id, sessionId: null, keepSessionId: null }]);
  });

  test('GPU time is from the first activity to the last file, or to the end; warm-ups are nobody’s', async () => {
    const user = await create('Busy');
    const endpoint = await stores.endpoints.upsert(
      { name: 'gpu', url: 'http://gpu.test', gpu: '', pricing: 'spot', capacity: 1, apiKeyVariable: null },
      now,
    );
    const at = (seconds: number | null) => (seconds === null ? null : new Date(now + seconds * 1000));
    type Later = { warmUp: boolean; startedAt: number; wholeAt: null; endedAt: number | null };
    const attempts = [
      { warmUp: false, startedAt: 10, wholeAt: 70, endedAt: 75 },
      { warmUp: false, startedAt: 5, wholeAt: null, endedAt: 35 },
      { warmUp: false, startedAt: null, wholeAt: null, endedAt: 600 },
      { warmUp: true, startedAt: 0, wholeAt: 600, endedAt: 600 },
    ];
    const run = async ({ warmUp, ...times }: (typeof attempts)[number] | Later): Promise<void> => {
      const job = await stores.db.job.create({
        data: {
          id: randomUUID(),
          userId: user.id,
          title: 'x',
          status: 'completed',
          createdAt: at(0)!,
          queuedAt: at(0)!,
          warmUp,
        },
      });
      await stores.db.attempt.create({
        data: {
          id: randomUUID(),
          jobId: job.id,
          endpointId: endpoint.id,
          number: 1,
          plan: '{}',
          sentAt: at(0)!,
          startedAt: at(times.startedAt),
          wholeAt: at(times.wholeAt),
          endedAt: at(times.endedAt),
        },
      });
    };
    for (const attempt of attempts) await run(attempt);
    const busy = async () => (await stores.users.roster('here')).find(({ id }) => id === user.id);
    expect(await busy()).toMatchObject({ jobs: 3, gpuMs: 90_000 });

    // Long after, when the first ones are summed up for good, and once more when these are.
    const hour = 3600;
    for (const [n, hours] of [5, 6, 10, 50].entries()) {
      await run({ warmUp: false, startedAt: hours * hour, wholeAt: null, endedAt: hours * hour + 60 });
      const both = await Promise.all([busy(), busy()]);
      expect([...both, await busy()].map((one) => one?.gpuMs)).toEqual(new Array(3).fill(90_000 + (n + 1) * 60_000));
    }
    await run({ warmUp: false, startedAt: 51 * hour, wholeAt: null, endedAt: null });
    expect(await busy()).toMatchObject({ jobs: 8, gpuMs: 330_000 });
  });
});
