import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { appRouter } from '#src/api/app/router.ts';
import type { ResultView } from '#src/api/views.ts';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { APART, tabOf } from '../testing/tab-of.ts';
import { until } from '../testing/until.ts';
import type { Visitor } from '../testing/visitor.ts';

const kindOf = (procedure: unknown): string => {
  if (typeof procedure !== 'function' || !('_def' in procedure)) throw new Error('no procedure');
  return z.object({ type: z.string() }).parse(procedure._def).type;
};
const PROCEDURES = Object.entries(appRouter._def.procedures)
  .map(([path, procedure]) => [path, kindOf(procedure)] as const)
  // Whoever tries to sign in too often is stopped, whatever the name.
  .filter(([path, kind]) => kind !== 'subscription' && path !== 'session.login');

/** Words that stand in everything of Anna's and nowhere else. */
const SECRET = 'harbour-at-dawn';

describe('what is somebody’s own stays so', () => {
  let product: ProductUnderTest;
  let anna: TestPerson;
  let ben: TestPerson;
  let script: { other: Visitor; nobody: Visitor; tab: Visitor };
  let kept: ResultView;
  let shown: ResultView;
  let away: ResultView;
  let disabled: ResultView;

  async function run(who: TestPerson, prefix: string): Promise<ResultView> {
    const { id } = await who.api.jobs.submit.mutate({
      prompt: picture({ prefix }),
      title: `${prefix} title`,
      workflow: { nodes: [], links: [], said: prefix },
    });
    const job = await until('the end of the job', async () => {
      const now = await who.api.jobs.get.query({ id });
      return now.endedAt !== null && now;
    });
    return z.custom<ResultView>((result) => result !== undefined).parse(job.results[0]);
  }
  const wallOf = async (who: Visitor) => (await who.api.wall.list.query()).items;
  const names = (wallNames: boolean) => product.operator.api.admin.settings.change.mutate({ wallNames });

  beforeAll(async () => {
    product = await productUnderTest({ fleet: { replicas: 1 }, config: APART });
    const [first, second, third] = await product.participants([`Anna ${SECRET}`, 'Ben', `Cara ${SECRET}`]);
    if (!first || !second || !third) throw new Error('three participants');
    [anna, ben] = [first, second];
    const { token } = await ben.api.session.createToken.mutate({ name: 'script' });
    script = {
      other: product.visitor({ authorization: `Bearer ${token}` }),
      nobody: product.visitor(),
      tab: await tabOf(product, ben),
    };
    [kept, shown, away, disabled] = await Promise.all([
      run(anna, SECRET),
      run(anna, SECRET),
      run(anna, SECRET),
      run(third, SECRET),
    ]);
    await anna.api.results.hang.mutate({ ids: [shown.id, away.id], onWall: true });
    await anna.api.results.remove.mutate({ ids: [away.id] });
    await third.api.results.hang.mutate({ ids: [disabled.id], onWall: true });
    expect(await wallOf(ben)).toHaveLength(2);
    await product.operator.api.admin.participants.setEnabled.mutate({ id: third.id, enabled: false });
    await names(false);
  });
  afterAll(() => product.stop());

  const foreign = (): string[] => [kept.id, kept.jobId, shown.id, away.id, disabled.id, anna.id];
  /** What would give away that there is something, or whose. */
  const telling = (): string[] => [
    SECRET,
    anna.id,
    ...[kept, shown, away, disabled].flatMap(({ jobId, sha256 }) => [jobId, sha256]),
  ];

  /** Everything that any procedure asks for; each takes what it knows. */
  const input = (id: string) => ({
    id,
    ids: [id],
    jobId: id,
    resultId: id,
    kind: 'image',
    favourite: true,
    rating: 1,
    rejected: true,
    onWall: true,
    name: 'x',
    names: ['x.png'],
    prompt: picture(),
    clientRequestId: randomUUID(),
    current: 'wrong',
    next: 'long enough',
    password: 'wrong',
    newSeed: false,
    workflow: { nodes: [] },
    needed: [],
  });
  const call = async (who: Visitor, path: string, kind: string, sent: unknown) => {
    const response =
      kind === 'mutation'
        ? await who.fetch(`/api/trpc/${path}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(sent),
          })
        : await who.fetch(`/api/trpc/${path}?input=${encodeURIComponent(JSON.stringify(sent))}`);
    return { status: response.status, text: await response.text(), cache: response.headers.get('cache-control') };
  };

  test.each(PROCEDURES)('%s tells nothing to others, and does nothing for them', async (path, kind) => {
    const before = JSON.stringify(await anna.api.results.list.query());
    for (const who of ['other', 'nobody', 'tab'] as const) {
      const made = await call(script[who], path, kind, input(randomUUID()));
      for (const id of foreign()) {
        const said = await call(script[who], path, kind, input(id));
        expect(said.status, `${who} ${id}`).toBe(made.status);
        if (made.status >= 400) expect(said.text).toBe(made.text);
        expect(said.cache).toBe('no-store');
        const hung = path === 'wall.list' ? [shown.id] : [];
        for (const secret of [...telling(), kept.id, shown.id, away.id, disabled.id].filter(
          (each) => !hung.includes(each),
        ))
          expect(said.text, secret).not.toContain(secret);
      }
    }
    expect(JSON.stringify(await anna.api.results.list.query())).toBe(before);
    expect(await wallOf(anna)).toMatchObject([{ id: shown.id }]);
  });

  const PARTS = [
    '',
    'x.png',
    'thumb',
    'storyboard',
    'waveform',
    'proxy',
    'clean',
    'wall',
    'wall-thumb',
    'wall-waveform',
    'workflow.json',
    'api.json',
  ];
  const look = async (who: Visitor, path: string, headers: Record<string, string> = {}) => {
    const response = await who.fetch(path, { headers });
    const bytes = Buffer.from(await response.arrayBuffer());
    return {
      status: response.status,
      text: bytes.toString('latin1'),
      headers: [...response.headers].map((header) => header.join(': ')).join('\n'),
      cache: response.headers.get('cache-control') ?? '',
      etag: response.headers.get('etag') ?? '',
    };
  };

  test.each(PARTS)('/files/<id>/%s is nothing to others', async (part) => {
    for (const who of ['other', 'nobody', 'tab'] as const) {
      const made = await look(script[who], `/files/${randomUUID()}/${part}`);
      expect([made.status, made.cache]).toEqual([who === 'nobody' ? 401 : 404, 'no-store']);
      for (const { id } of [kept, shown, away, disabled]) {
        if (id === shown.id && who !== 'nobody' && part.startsWith('wall')) continue;
        for (const query of ['', '?download=1']) {
          const said = await look(script[who], `/files/${id}/${part}${query}`);
          expect([said.status, said.text, said.cache]).toEqual([made.status, made.text, 'no-store']);
        }
      }
    }
  });

  test.each(['?ids=', '?rejected=all&ids=', '?removed=1&ids=', '?jobId=', '?user=', '/'])(
    '/takehome%s is nothing to others',
    async (query) => {
      for (const who of ['other', 'nobody', 'tab'] as const) {
        const made = await look(script[who], `/takehome${query}${randomUUID()}`);
        expect(made.status).toBe(who === 'nobody' ? 401 : 404);
        for (const id of foreign()) {
          const said = await look(script[who], `/takehome${query}${id}`);
          expect([said.status, said.text]).toEqual([made.status, made.text]);
          expect(said.cache).toContain('no-store');
        }
      }
    },
  );

  test('on the wall there is the picture, and nothing that it was made with', async () => {
    const [item, ...others] = await wallOf(script.other);
    expect(others).toEqual([]);
    expect(item).toEqual({
      id: shown.id,
      kind: 'image',
      mime: 'image/png',
      codecs: null,
      width: shown.width,
      height: shown.height,
      duration: null,
      url: `/files/${shown.id}/wall`,
      thumbUrl: `/files/${shown.id}/wall-thumb`,
      proxyUrl: null,
      waveformUrl: null,
      name: null,
      mine: false,
    });
    for (const path of [item?.url ?? '', item?.thumbUrl ?? '', `${item?.url}?download=1`]) {
      const got = await look(script.other, path);
      expect(got.status).toBe(200);
      expect(got.cache).toMatch(/private/);
      expect(got.cache).toMatch(/no-cache|no-store/);
      for (const secret of [...telling(), 'EmptyImage', 'SaveImage', 'workflow', 'prompt']) {
        expect(got.text, secret).not.toContain(secret);
        expect(got.headers, secret).not.toContain(secret);
      }
    }
  });

  test('names are there only while they are switched on', async () => {
    await names(true);
    expect((await wallOf(script.other))[0]?.name).toBe(anna.name);
    await names(false);
    expect(JSON.stringify(await script.other.api.wall.list.query())).not.toContain(SECRET);
    expect((await wallOf(anna))[0]).toMatchObject({ mine: true, name: null });
  });

  test('what is taken back is gone at once, for a browser that has it too, and everybody is told', async () => {
    const path = `/files/${shown.id}/wall`;
    const { etag } = await look(script.other, path);
    const feed = ben.listen();
    await feed.ready;
    await anna.api.wall.takeDown.mutate({ id: shown.id });
    await until('the notice', () => feed.received.some(({ data }) => data.type === 'wall.changed'));
    expect(JSON.stringify(feed.received)).not.toContain(shown.id);
    await feed.close();
    expect(await wallOf(script.other)).toEqual([]);
    expect((await look(script.other, path, { 'if-none-match': etag })).status).toBe(404);
    expect((await look(script.other, `/files/${shown.id}/wall-thumb`)).status).toBe(404);
  });

  test('an operator can take down, but not hang', async () => {
    await anna.api.results.hang.mutate({ ids: [kept.id], onWall: true });
    expect(await wallOf(ben)).toMatchObject([{ id: kept.id }]);
    expect(await product.operator.api.wall.takeDown.mutate({ id: kept.id })).toEqual({ changed: 1 });
    expect(await wallOf(ben)).toEqual([]);
    await expect(product.operator.api.results.hang.mutate({ ids: [kept.id], onWall: true })).rejects.toThrow(
      'Result not found',
    );
  });

  test('newest on the wall first, in pages', async () => {
    const made = [await run(ben, 'one'), await run(ben, 'two'), await run(ben, 'three')].map(({ id }) => id);
    for (const id of [made[1], made[0], made[2]]) await ben.api.results.hang.mutate({ ids: [id ?? ''], onWall: true });
    const first = await anna.api.wall.list.query({ limit: 2 });
    expect(first.items.map(({ id }) => id)).toEqual([made[2], made[0]]);
    const rest = await anna.api.wall.list.query({ limit: 2, cursor: first.nextCursor });
    expect([rest.items.map(({ id }) => id), rest.nextCursor]).toEqual([[made[1]], null]);
  });

  test('nothing went wrong meanwhile', () => {
    expect(product.wentWrong()).toEqual([]);
  });
});
