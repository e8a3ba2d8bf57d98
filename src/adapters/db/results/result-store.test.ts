import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FileFacts } from '#src/domain/file-facts.ts';
import type { Result, ResultFilter } from '#src/ports/results.ts';
import { type Fresh, openFresh } from '../fresh-database.testing.ts';

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
      fingerprint: null,
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
      generations: [],
      now,
    });
    return { userId, jobId: job.id, attemptId };
  }
  type Attempt = Awaited<ReturnType<typeof attemptOf>>;
  const reserve = (
    attempt: Attempt,
    name: string,
    more: { folder?: string; stem?: string; ending?: string; preview?: boolean } = {},
  ) =>
    stores.results.reserve({
      id: randomUUID(),
      nodeId: '9',
      name,
      folder: 'Anna',
      stem: 'film/shot',
      ending: '_.png',
      preview: false,
      ...attempt,
      ...more,
    });
  const record = ({ attemptId }: Attempt, id: string, at = tick(), unfinished = false) =>
    stores.results.record({ id, attemptId, facts, bytes: big, sha256: 'abc', unfinished, now: at });
  const added = () =>
    stores.message.flatMap((signal) =>
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
      counter: 1,
      delivered: 'whole',
      sha256: 'abc',
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
    expect((await reserve(first, '2/b_00001_.mp4', { folder: 'Bea', stem: 'b', ending: '_.mp4' })).path).toBe(
      'Bea/b_00001_.mp4',
    );
    expect((await reserve(first, '3/a_00001_.mp4', { folder: 'Bea', stem: 'a', ending: '_.mp4' })).path).toBe(
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
      givenName: null,
      prompt: null,
      path: 'Cara/film/shot_00001_.png',
      bytes: big,
      sha256: 'abc',
      deliveredAt: at,
      familyId: attempt.jobId,
      title: 't',
      model: null,
      seed: null,
      favourite: false,
      rating: 0,
      rejected: false,
      wallAt: null,
      removedAt: null,
      preview: false,
      unfinished: false,
      blake3: null,
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
    // Its owner was deleted with all files meanwhile.
    expect(await record(attempt, randomUUID())).toBe('cancelled');
  });

  test('a preview has names of its own, and is in no list but its job’s and the one that asks for it', async () => {
    const { id: userId } = await user('Pia');
    const attempt = await attemptOf(userId);
    const shot = { folder: 'Pia', stem: 'shot' };
    const preview = await reserve(attempt, '1/a.png', { ...shot, stem: '.previews/shot', preview: true });
    const result = await reserve(attempt, '0/a.png', shot);
    expect([preview.path, result.path]).toEqual(['Pia/.previews/shot_00001_.png', 'Pia/shot_00001_.png']);
    for (const { id } of [result, preview]) await record(attempt, id);
    const list = async (filter: ResultFilter) =>
      (await stores.results.list({ userId, filter, limit: 10, cursor: null })).items.map(({ id }) => id);
    expect(await list({})).toEqual([result.id]);
    expect(await list({ previews: true })).toEqual([preview.id, result.id]);
    expect(await stores.results.count({ userId, filter: {} })).toBe(1);
    expect(await stores.results.size({ userId, filter: {} })).toEqual({ files: 1, bytes: big });
    expect((await stores.results.choices(userId)).kinds).toEqual([{ name: facts.kind, count: 1 }]);
    expect((await stores.results.sizes()).get(userId)).toEqual({ files: 1, bytes: big });
    expect((await stores.results.weighed()).filter((one) => one.userId === userId).map(({ id }) => id)).toEqual([
      result.id,
    ]);
    expect((await stores.users.roster('here')).find(({ id }) => id === userId)).toMatchObject({ results: 1 });
    expect(await stores.results.ofJobs([attempt.jobId])).toMatchObject([{ preview: false }, { preview: true }]);
    expect(await stores.results.find(preview.id)).toMatchObject({ preview: true, unfinished: false });
    expect(await stores.results.hang(userId, [preview.id], now)).toBe(0);
    expect(await stores.results.hang(userId, [preview.id, result.id], now)).toBe(1);
  });

  test('a preview that is kept takes the name that was reserved for it, once', async () => {
    const { id: userId } = await user('Kim');
    const attempt = await attemptOf(userId);
    const preview = await reserve(attempt, '1/a.png', { folder: 'Kim', stem: '.previews/shot', preview: true });
    await record(attempt, preview.id);
    const name = await reserve(attempt, '/kept', { folder: 'Kim', stem: 'shot' });
    const before = stores.message.length;
    expect(await stores.results.keep(preview.id, name.id)).toBe('kept');
    expect(stores.message.slice(before)).toEqual([{ type: 'results.changed', userId, ids: [preview.id], wall: false }]);
    expect(await stores.results.find(preview.id)).toMatchObject({ path: 'Kim/shot_00001_.png', preview: false });
    expect((await reserve(attempt, '2/a.png', { folder: 'Kim', stem: 'shot' })).path).toBe('Kim/shot_00002_.png');
    expect(await stores.results.keep(preview.id, name.id)).toBe('known');
    expect(await stores.results.keep(name.id, name.id)).toBe('gone');
    await stores.results.trash(userId, [preview.id], now);
    expect(await stores.results.keep(preview.id, name.id)).toBe('gone');
  });

  test('previews that are old enough are moved to the trash for good, results never', async () => {
    const { id: userId } = await user('Ole');
    const attempt = await attemptOf(userId);
    const [old, fresh, result] = [
      await reserve(attempt, '1/old.png', { folder: 'Ole', stem: '.previews/a', preview: true }),
      await reserve(attempt, '1/fresh.png', { folder: 'Ole', stem: '.previews/a', preview: true }),
      await reserve(attempt, '0/a.png', { folder: 'Ole', stem: 'a' }),
    ];
    for (const [{ id }, at] of [
      [old, 1000],
      [fresh, 2000],
      [result, 1000],
    ] as const)
      await record(attempt, id, at);
    await stores.results.expirePreviews(2000);
    expect((await stores.results.ofJobs([attempt.jobId])).map(({ id }) => id).sort()).toEqual(
      [fresh.id, result.id].sort(),
    );
    expect((await stores.results.removedBefore(1, 100)).map(({ id }) => id)).toContain(old.id);
  });

  test('an unfinished file is replaced when it comes whole, and by nothing else', async () => {
    const attempt = await attemptOf((await user('Una')).id);
    const { id } = await reserve(attempt, 'x', { folder: 'Una' });
    expect(await record(attempt, id, 1000, true)).toBe('recorded');
    expect(await record(attempt, id, 2000, true)).toBe('known');
    expect(await stores.results.find(id)).toMatchObject({ unfinished: true });
    expect(await reserve(attempt, 'x', { folder: 'Una' })).toMatchObject({ id, delivered: 'unfinished' });
    expect(await record(attempt, id, 3000)).toBe('recorded');
    expect(await record(attempt, id, 4000, true)).toBe('known');
    expect(await stores.results.find(id)).toMatchObject({ unfinished: false, deliveredAt: 1000 });
  });

  test('tells how long a GPU worked on it, as far as beginning and end were seen', async () => {
    const attempt = await attemptOf((await user('Gus')).id);
    const { id } = await reserve(attempt, 'timed.png', { folder: 'Gus' });
    await record(attempt, id);
    expect(await stores.results.gpuMs(id)).toBeNull();
    await stores.jobs.start({ ...attempt, now: now + 1000 });
    expect(await stores.results.gpuMs(id)).toBeNull();
    await stores.jobs.markDelivering({ ...attempt, now: now + 8500 });
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
