import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FileFacts } from '#src/domain/result.ts';
import type { Result } from '#src/ports/results.ts';
import { type Fresh, openFresh } from './fresh-database.testing.ts';

const facts: FileFacts = {
  kind: 'video',
  mime: 'video/mp4',
  width: 640,
  height: 480,
  duration: 2.5,
  codecs: 'avc1.64001f',
};
const big = 5 * 1024 ** 4;

describe('results', () => {
  let stores: Fresh;
  let endpointId = '';
  let now = Date.parse('2026-11-23T10:00:00.000Z');

  const tick = (): number => {
    now += 1000;
    return now;
  };

  beforeAll(async () => {
    stores = await openFresh();
    endpointId = (
      await stores.endpoints.upsert(
        { name: 'gpu', url: 'http://gpu.test', gpu: '', pricing: 'spot', capacity: 1, apiKeyVariable: null },
        now,
      )
    ).id;
  });
  afterAll(() => stores.close());

  const user = (name: string) =>
    stores.users.create({ id: randomUUID(), name, role: 'participant', passwordHash: '', now });
  async function attemptOf(userId: string): Promise<{ userId: string; jobId: string; attemptId: string }> {
    const { job } = await stores.jobs.add({
      id: randomUUID(),
      userId,
      clientRequestId: null,
      title: 't',
      prompt: '{}',
      workflow: null,
      likeness: null,
      expectedFiles: null,
      now,
    });
    const attemptId = randomUUID();
    await stores.jobs.dispatch({
      jobId: job.id,
      userId,
      endpointId,
      attemptId,
      plan: { folder: 'f', saves: [], markerNodes: {} },
      makings: [],
      now,
    });
    return { userId, jobId: job.id, attemptId };
  }
  type Attempt = Awaited<ReturnType<typeof attemptOf>>;
  const reserve = (attempt: Attempt, name: string, more: { folder?: string; stem?: string; extension?: string } = {}) =>
    stores.results.reserve({
      id: randomUUID(),
      nodeId: '9',
      name,
      folder: 'Anna',
      stem: 'film/shot',
      extension: '.png',
      ...attempt,
      ...more,
    });
  const record = ({ attemptId }: Attempt, id: string, at = tick()) =>
    stores.results.record({ id, attemptId, facts, bytes: big, sha256: 'abc', now: at });
  const added = () =>
    stores.heard.flatMap((signal) =>
      signal.type === 'stored' && signal.event.type === 'result.added' ? [signal.event] : [],
    );

  test('the same file always gets the same name, also when it is asked for many times at once', async () => {
    const attempt = await attemptOf((await user('Anna')).id);
    const many = await Promise.all(Array.from({ length: 10 }, () => reserve(attempt, '0/shot_00001_.png')));
    expect(new Set(many.map(({ id, path }) => `${id} ${path}`)).size).toBe(1);
    expect(many[0]).toMatchObject({ path: 'Anna/film/shot_00001_.png', delivered: false });
    await record(attempt, many[0]?.id ?? '');
    expect(await reserve(attempt, '0/shot_00001_.png', { stem: 'another' })).toEqual({
      id: many[0]?.id,
      path: 'Anna/film/shot_00001_.png',
      delivered: true,
    });
  });

  test('names count up in each folder, never the same twice', async () => {
    const anna = await user('Bea');
    const ben = await user('Ben');
    const [first, second, bens] = [await attemptOf(anna.id), await attemptOf(anna.id), await attemptOf(ben.id)];
    const paths = await Promise.all(
      [first, second].flatMap((attempt) =>
        ['0/a_00001_.png', '0/a_00002_.png', '1/a_00001_.png'].map(
          async (source) => (await reserve(attempt, source, { folder: 'Bea', stem: 'a' })).path,
        ),
      ),
    );
    expect(paths.sort()).toEqual([1, 2, 3, 4, 5, 6].map((n) => `Bea/a_0000${n}_.png`));
    expect((await reserve(first, '2/b_00001_.mp4', { folder: 'Bea', stem: 'b', extension: '.mp4' })).path).toBe(
      'Bea/b_00001_.mp4',
    );
    expect((await reserve(first, '3/a_00001_.mp4', { folder: 'Bea', stem: 'a', extension: '.mp4' })).path).toBe(
      'Bea/a_00007_.mp4',
    );
    expect((await reserve(bens, '0/a_00001_.png', { folder: 'Ben', stem: 'a' })).path).toBe('Ben/a_00001_.png');
  });

  test('a name that is only reserved is no result; recorded, it is one, once, and its owner hears of it once', async () => {
    const attempt = await attemptOf((await user('Cara')).id);
    const { id } = await reserve(attempt, 'x', { folder: 'Cara' });
    expect(await stores.results.find(id)).toBeNull();
    expect(await stores.results.ofJobs([attempt.jobId])).toEqual([]);
    expect((await stores.results.list({ userId: attempt.userId, filter: {}, limit: 10, cursor: null })).items).toEqual(
      [],
    );
    const before = added().length;
    const at = tick();
    const answers = await Promise.all(Array.from({ length: 5 }, () => record(attempt, id, at)));
    expect(answers.sort()).toEqual(['known', 'known', 'known', 'known', 'recorded']);
    const expected: Result = {
      id,
      userId: attempt.userId,
      jobId: attempt.jobId,
      nodeId: '9',
      path: 'Cara/film/shot_00001_.png',
      bytes: big,
      sha256: 'abc',
      deliveredAt: at,
      title: 't',
      model: null,
      seed: null,
      favourite: false,
      rating: 0,
      rejected: false,
      wallAt: null,
      removedAt: null,
      ...facts,
    };
    expect(await stores.results.find(id)).toEqual(expected);
    expect(await stores.results.ofJobs([attempt.jobId, randomUUID()])).toEqual([expected]);
    expect(added().slice(before)).toEqual([
      {
        id: await stores.events.newestId(),
        userId: attempt.userId,
        type: 'result.added',
        jobId: attempt.jobId,
        resultId: id,
      },
    ]);
    // Its owner was deleted with all her work meanwhile.
    expect(await record(attempt, randomUUID())).toBe('cancelled');
  });

  test('tells how long a GPU worked on it, as far as beginning and end were seen', async () => {
    const attempt = await attemptOf((await user('Gus')).id);
    const { id } = await reserve(attempt, 'timed.png', { folder: 'Gus' });
    await record(attempt, id);
    expect(await stores.results.gpuMs(id)).toBeNull();
    await stores.jobs.start({ ...attempt, now: now + 1000 });
    expect(await stores.results.gpuMs(id)).toBeNull();
    await stores.jobs.bringHome({ ...attempt, now: now + 8500 });
    expect(await stores.results.gpuMs(id)).toBe(7500);
    expect(await stores.results.gpuMs('no such result')).toBeNull();
  });

  test('a file of a job that was cancelled meanwhile is not recorded', async () => {
    const attempt = await attemptOf((await user('Cleo')).id);
    const { id } = await reserve(attempt, 'x', { folder: 'Cleo' });
    await stores.jobs.cancel({ jobId: attempt.jobId, now: tick() });
    expect(await record(attempt, id)).toBe('cancelled');
    expect(await stores.results.find(id)).toBeNull();
  });

  test('pages have no gap and no repeat while results come in between', async () => {
    const dora = await user('Dora');
    const attempt = await attemptOf(dora.id);
    const make = async (n: number, at: number): Promise<string> => {
      const { id } = await reserve(attempt, `file ${n}`, { folder: 'Dora' });
      await record(attempt, id, at);
      return id;
    };
    const present: string[] = [];
    for (let n = 0; n < 25; n += 1) present.push(await make(n, now + Math.floor(n / 10)));
    now += 10_000;
    const read: Result[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<Fresh['results']['list']>> = await stores.results.list({
        userId: dora.id,
        filter: {},
        limit: 4,
        cursor,
      });
      read.push(...page.items);
      cursor = page.nextCursor;
      await make(100 + read.length, tick());
    } while (cursor !== null);
    expect(read.map(({ id }) => id)).toHaveLength(25);
    expect(new Set(read.map(({ id }) => id))).toEqual(new Set(present));
    expect(read.map(({ deliveredAt }) => deliveredAt)).toEqual(
      read.map(({ deliveredAt }) => deliveredAt).sort((a, b) => b - a),
    );
  });
});
