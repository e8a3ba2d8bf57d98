import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fresh, openFresh } from './fresh-database.testing.ts';

/** More than SQLite takes in one statement. */
const MANY = 2500;
const NOW = Date.parse('2026-11-30T10:00:00.000Z');
const EMPTY = '';

describe('selections of any size', () => {
  let stores: Fresh;
  const anna = randomUUID();
  const jobIds = Array.from({ length: MANY }, () => randomUUID());
  const ids = Array.from({ length: MANY }, () => randomUUID());

  beforeAll(async () => {
    stores = await openFresh();
    await stores.users.create({ id: anna, name: 'Anna', role: 'participant', passwordHash: EMPTY, now: NOW });
    const at = new Date(NOW);
    for (let from = 0; from < MANY; from += 50) {
      const some = Array.from({ length: 50 }, (_, n) => from + n);
      await stores.db.job.createMany({
        data: some.map((n) => ({
          id: jobIds[n] ?? '',
          userId: anna,
          title: 't',
          status: 'completed',
          createdAt: at,
          queuedAt: at,
        })),
      });
      await stores.db.result.createMany({
        data: some.map((n) => ({
          id: ids[n] ?? '',
          userId: anna,
          // Half of all are of one job.
          jobId: jobIds[n % 2 === 0 ? 0 : n] ?? '',
          nodeId: '9',
          name: `${n}.png`,
          path: `Anna/${n}.png`,
          stem: `${n}`,
          counter: 1,
          kind: 'image',
          mime: 'image/png',
          bytes: 1n,
          sha256: EMPTY,
          deliveredAt: at,
        })),
      });
    }
  });
  afterAll(() => stores.close());

  test.each([998, 999, 1000, MANY])('%i results', async (size) => {
    const chosen = ids.slice(0, size);
    const { results } = stores;
    expect(await results.owned(anna, chosen)).toHaveLength(size);
    expect(await results.mark(anna, chosen, { favourite: true, rating: 4 })).toBe(size);
    expect(await results.hang(anna, chosen, NOW)).toBe(size);
    expect(await results.trash(anna, chosen, NOW)).toBe(size);
    expect(await results.trash(anna, chosen, null)).toBe(size);
  });

  test('as many jobs', async () => {
    expect(await stores.results.ofJobs(jobIds)).toHaveLength(MANY);
    expect(await stores.results.ofJobs(jobIds.slice(0, 1))).toHaveLength(MANY / 2);
    for (const asked of [stores.jobs.newestAttempts, stores.jobs.newestSendings, stores.jobs.endedTries])
      expect((await asked(jobIds)).size).toBe(0);
    expect((await stores.jobs.knownAttempts(jobIds)).size).toBe(0);
    expect((await stores.jobs.list({ userId: anna, statuses: null, limit: 200, cursor: null })).items).toHaveLength(
      200,
    );
  });

  test('as many who wait, and results that are moved to the trash', async () => {
    await stores.db.job.updateMany({ where: { userId: anna }, data: { status: 'queued', attemptCount: 1 } });
    expect((await stores.jobs.queue()).waiting).toHaveLength(MANY);
    await stores.results.trash(anna, ids, NOW);
    expect(await stores.results.removedBefore(NOW + 1, MANY)).toHaveLength(MANY);
    expect(await stores.results.restore(NOW)).toBe(MANY);
  });
});
