import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fresh, openFresh } from '../fresh-database.testing.ts';

describe('the event log', () => {
  let stores: Fresh;
  const jobs: string[] = [];
  const start = Date.parse('2026-11-23T10:00:00.000Z');
  let anna = '';
  let ben = '';

  beforeAll(async () => {
    stores = await openFresh();
    expect([await stores.events.newestId(), await stores.events.oldestId()]).toEqual([0, null]);
    const user = async (name: string) =>
      (await stores.users.create({ id: randomUUID(), name, role: 'participant', passwordHash: '', now: start })).id;
    anna = await user('Anna');
    ben = await user('Ben');
    for (let n = 0; n < 10; n += 1) {
      const { job } = await stores.jobs.add({
        id: randomUUID(),
        userId: n % 2 === 0 ? anna : ben,
        clientRequestId: null,
        title: '',
        prompt: '{}',
        workflow: null,
        fingerprint: null,
        expectedFiles: null,
        now: start + n,
      });
      jobs.push(job.id);
    }
  });
  afterAll(() => stores.close());

  const since = async (afterId: number, userId: string | null, limit = 100) =>
    (await stores.events.since({ afterId, userId, limit })).map(({ jobId }) => jobs.indexOf(jobId));

  test('gives what came after, oldest first, one’s own or everybody’s', async () => {
    const newest = await stores.events.newestId();
    expect(await since(0, null)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await since(0, anna)).toEqual([0, 2, 4, 6, 8]);
    expect(await since(newest - 3, ben)).toEqual([7, 9]);
    expect(await since(0, null, 3)).toEqual([0, 1, 2]);
    expect(await since(newest, null)).toEqual([]);
    expect(await stores.events.since({ afterId: newest - 1, userId: null, limit: 1 })).toEqual([
      { id: newest, userId: ben, type: 'job.updated', jobId: jobs[9] },
    ]);
  });

  test('forgets the old ones, never the newest, and never gives an id again', async () => {
    const newest = await stores.events.newestId();
    expect(await stores.events.forgetBefore(start + 4)).toBe(4);
    expect(await since(0, null)).toEqual([4, 5, 6, 7, 8, 9]);
    expect(await stores.events.oldestId()).toBe(newest - 5);
    expect(await stores.events.forgetBefore(start + 1000)).toBe(5);
    expect(await stores.events.forgetBefore(start + 1000)).toBe(0);
    expect([await stores.events.oldestId(), await stores.events.newestId()]).toEqual([newest, newest]);
    await stores.jobs.add({
      id: randomUUID(),
      userId: anna,
      clientRequestId: null,
      title: '',
      prompt: '{}',
      workflow: null,
      fingerprint: null,
      expectedFiles: null,
      now: start,
    });
    expect(await stores.events.newestId()).toBe(newest + 1);
  });
});
