import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FileFacts } from '#src/domain/file-facts.ts';
import type { ResultFilter } from '#src/ports/results.ts';
import { type Fresh, openFresh } from '../fresh-database.testing.ts';
import { resultSearch } from './result-search.ts';

const NOON = Date.parse('2026-11-23T12:00:00.000Z');
type Made = { title: string; words: string; model: string | null; seed: number | null; loras?: string[] };

/** Each job makes one picture, a minute after the one before; they are called by their titles. */
const JOBS: readonly (Made & { kind?: FileFacts['kind'] })[] = [
  { title: 'Harbour', words: 'a harbour at dawn, Zürich', model: 'sdxl', seed: 1 },
  { title: 'Train', words: 'a night train', model: 'flux', seed: 2, loras: ['grain'] },
  { title: 'Film', words: 'a train at dawn', model: 'wan', seed: 3, kind: 'video' },
  { title: 'Diver', words: 'portrait of a diver', model: 'sdxl', seed: null, loras: ['grain', 'soft'] },
];

describe.each([
  ['few makings are looked up', 500],
  ['many makings are gone through', 0],
])('finding, when %s', (_, fewMatches) => {
  let stores: Fresh;
  let userId = '';
  const ids = new Map<string, string>();

  beforeAll(async () => {
    stores = await openFresh();
    const endpoint = { name: 'gpu', url: 'http://gpu.test', gpu: '', pricing: 'spot', capacity: 1 } as const;
    const { id: endpointId } = await stores.endpoints.upsert({ ...endpoint, apiKeyVariable: null }, NOON);
    const make = async (owner: string): Promise<void> => {
      const who = { id: randomUUID(), name: owner, role: 'participant', passwordHash: '', now: NOON } as const;
      const user = await stores.users.create(who);
      if (owner === 'Ada') userId = user.id;
      for (const [n, { title, words, model, seed, loras = [], kind = 'image' }] of JOBS.entries()) {
        const now = NOON + n * 60_000;
        const { job } = await stores.jobs.add({
          id: randomUUID(),
          userId: user.id,
          clientRequestId: null,
          title,
          prompt: '{}',
          workflow: null,
          fingerprint: null,
          expectedFiles: null,
          now,
        });
        const attemptId = randomUUID();
        await stores.jobs.dispatch({
          jobId: job.id,
          userId: user.id,
          endpointId,
          attemptId,
          plan: { folder: 'f', saves: [], markerNodes: {} },
          generations: [{ nodeId: '9', model, seed, loras, prompt: words, words: [model, ...loras, words].join('\n') }],
          now,
        });
        const place = { userId: user.id, jobId: job.id, attemptId, nodeId: '9', name: '0/a.png' };
        const { id } = await stores.results.reserve({
          ...place,
          id: randomUUID(),
          folder: owner,
          stem: 'a',
          ending: '_.png',
          preview: false,
        });
        const facts = { kind, mime: 'image/png', width: 3, height: 2, duration: null, codecs: null };
        await stores.results.record({ id, attemptId, facts, bytes: 1, sha256: '', unfinished: false, now });
        if (owner === 'Ada') ids.set(title, id);
      }
    };
    await make('Ada');
    await make('Ben');
    const id = (title: string): string => ids.get(title) ?? '';
    await stores.results.mark(userId, [id('Train')], { favourite: true, rating: 4 });
    await stores.results.mark(userId, [id('Diver')], { rejected: true });
    await stores.results.rename(userId, id('Film'), 'Hero Shot.mp4');
  });
  afterAll(() => stores.close());

  test.each<[ResultFilter, string[]]>([
    [{}, ['Diver', 'Film', 'Train', 'Harbour']],
    [{ rejected: false }, ['Film', 'Train', 'Harbour']],
    [{ rejected: true }, ['Diver']],
    [{ favourite: true }, ['Train']],
    [{ minRating: 4 }, ['Train']],
    [{ minRating: 5 }, []],
    [{ kind: 'video' }, ['Film']],
    [{ from: NOON + 60_000, to: NOON + 120_000 }, ['Train']],
    [{ title: 'Harbour' }, ['Harbour']],
    [{ model: 'sdxl' }, ['Diver', 'Harbour']],
    [{ seed: '2' }, ['Train']],
    [{ lora: 'grain' }, ['Diver', 'Train']],
    [{ words: 'train' }, ['Film', 'Train']],
    [{ words: 'tra DAWN' }, ['Film']],
    [{ words: 'zurich' }, ['Harbour']],
    [{ words: 'film' }, ['Film']],
    [{ words: '" OR *' }, []],
    [{ words: 'train', lora: 'grain', minRating: 1 }, ['Train']],
    [{ words: 'zebra' }, []],
    [{ words: 'flux' }, ['Train']],
    [{ words: 'soft' }, ['Diver']],
    [{ words: 'shot her' }, ['Film']],
    [{ words: 'hero.mp4', model: 'wan' }, ['Film']],
    [{ words: 'hero', model: 'flux' }, []],
    [{ words: 'train_00002_.png' }, ['Train']],
    [{ words: 'train_00001_.png' }, []],
    [{ words: '_00003_' }, ['Film']],
  ])('%j finds %j', async (filter, titles) => {
    const search = resultSearch(stores.db, fewMatches);
    const { items } = await search.list({ userId, filter, limit: 10, cursor: null });
    expect(items.map(({ title }) => title)).toEqual(titles);
    expect(await search.count({ userId, filter })).toBe(titles.length);
  });

  test.each([
    ['trian', 'train'],
    ['Hrabour dwan', 'harbour dawn'],
    ['heor', 'hero'],
    ['flxu', 'flux'],
    ['train', null],
    ['zebra', null],
    // Each is there, but not together.
    ['harbour diver', null],
    ['harbuor divre', null],
  ])('who types %s may mean %s', async (words, meant) => {
    expect(await resultSearch(stores.db, fewMatches).spelling({ userId, words })).toBe(meant);
  });

  test('nobody learns from a suggestion which words others have', async () => {
    const carla = {
      id: randomUUID(),
      name: `Carla ${fewMatches}`,
      role: 'participant',
      passwordHash: '',
      now: NOON,
    } as const;
    const user = await stores.users.create(carla);
    expect(await resultSearch(stores.db, fewMatches).spelling({ userId: user.id, words: 'trian' })).toBeNull();
  });

  test('page by page it is the same', async () => {
    const search = resultSearch(stores.db, fewMatches);
    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await search.list({ userId, filter: { words: 'a' }, limit: 1, cursor });
      found.push(...page.items.map(({ title }) => title));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(found).toEqual(['Diver', 'Film', 'Train', 'Harbour']);
  });

  test('what there is to choose from, without what was moved to the trash', async () => {
    const search = resultSearch(stores.db, fewMatches);
    expect(await search.choices(userId)).toEqual({
      titles: ['Diver', 'Film', 'Harbour', 'Train'].map((name) => ({ name, count: 1 })),
      models: [
        { name: 'sdxl', count: 2 },
        { name: 'flux', count: 1 },
        { name: 'wan', count: 1 },
      ],
      loras: [
        { name: 'grain', count: 2 },
        { name: 'soft', count: 1 },
      ],
      kinds: [
        { name: 'image', count: 3 },
        { name: 'video', count: 1 },
      ],
    });
    const film = ids.get('Film') ?? '';
    await stores.results.trash(userId, [film], NOON);
    expect((await search.choices(userId)).kinds).toEqual([{ name: 'image', count: 3 }]);
    const { items } = await search.list({ userId, filter: { removed: true }, limit: 10, cursor: null });
    expect(items.map(({ id }) => id)).toEqual([film]);
    await stores.results.trash(userId, [film], null);
  });

  test('what results were made with goes with the last file of a node, and with the person', async () => {
    const words = async () => (await stores.db.$queryRaw<unknown[]>`SELECT words FROM "GenerationWords"`).length;
    expect(await words()).toBe(8);
    await stores.results.forget(ids.get('Film') ?? '');
    expect(await words()).toBe(7);
    await stores.users.remove(userId);
    expect(await words()).toBe(4);
  });
});
