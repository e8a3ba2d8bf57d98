import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';
import type { Feed } from '../testing/visitor.ts';

/** What was stored, and not only noticed. */
const stored = (feed: Feed) =>
  feed.received.filter(({ data }) => data.type === 'job.updated' || data.type === 'result.added');
const jobsOf = (feed: Feed): string[] => stored(feed).map(({ data }) => ('jobId' in data ? (data.jobId ?? '') : ''));

describe('the feed', () => {
  let product: ProductUnderTest;
  let anna: TestPerson;
  let ben: TestPerson;
  beforeAll(async () => {
    product = await productUnderTest({ fleet: null });
    [anna, ben] = [await product.participant('Anna'), await product.participant('Ben')];
  });
  afterAll(() => product.stop());

  const submit = async (who: TestPerson): Promise<string> =>
    (await who.api.jobs.submit.mutate({ prompt: picture() })).id;
  const cancel = (who: TestPerson, id: string) => who.api.jobs.cancel.mutate({ id });

  test('sends everybody their own, and the operator all', async () => {
    const [annas, bens, all] = [anna.listen(), ben.listen(), product.operator.listen()];
    await Promise.all([annas.ready, bens.ready, all.ready]);
    const [a, b] = [await submit(anna), await submit(ben)];
    await cancel(anna, a);
    await until(
      'all to be told',
      () => stored(all).length === 3 && stored(annas).length === 2 && stored(bens).length === 1,
    );
    expect([jobsOf(annas), jobsOf(bens), jobsOf(all)]).toEqual([[a, a], [b], [a, b, a]]);
    await Promise.all([annas, bens, all].map((feed) => feed.close()));
    await cancel(ben, b);
  });

  test('sends each the positions of their own jobs, as they move', async () => {
    const [annas, bens] = [anna.listen(), ben.listen()];
    await Promise.all([annas.ready, bens.ready]);
    const a = [await submit(anna), await submit(anna), await submit(anna)];
    const b = [await submit(ben), await submit(ben)];
    const places = (feed: Feed) =>
      feed.received.flatMap(({ data }) => (data.type === 'queue.moved' ? [data.positions] : [])).at(-1);
    const isLike = (feed: Feed, expected: Record<string, number>) =>
      until(
        'places in line',
        () =>
          JSON.stringify(Object.entries(places(feed) ?? {}).sort()) === JSON.stringify(Object.entries(expected).sort()),
      );
    await isLike(annas, { [a[0] ?? '']: 1, [a[1] ?? '']: 3, [a[2] ?? '']: 5 });
    await isLike(bens, { [b[0] ?? '']: 2, [b[1] ?? '']: 4 });
    expect((await anna.api.jobs.get.query({ id: a[1] ?? '' })).position).toBe(3);
    await cancel(anna, a[0] ?? '');
    await isLike(annas, { [a[1] ?? '']: 1, [a[2] ?? '']: 3 });
    await isLike(bens, { [b[0] ?? '']: 2, [b[1] ?? '']: 4 });
    for (const id of a.slice(1)) await cancel(anna, id);
    for (const id of b) await cancel(ben, id);
    await Promise.all([annas.close(), bens.close()]);
  });

  test('through a network that breaks again and again, nothing is missed and nothing comes twice', async () => {
    const witness = anna.listen();
    const feed = anna.listen();
    await Promise.all([witness.ready, feed.ready]);
    let pouring = true;
    const pour = Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let n = 0; n < 25; n += 1) await cancel(anna, await submit(anna));
      }),
    ).finally(() => {
      pouring = false;
    });
    let cuts = 0;
    while (pouring) {
      const before = feed.received.length;
      await until('the feed to go on', () => feed.received.length > before + 5 || !pouring);
      feed.cut();
      cuts += 1;
    }
    await pour;
    await until('all to be told', () => stored(feed).length >= 200 && stored(witness).length >= 200);
    expect(cuts).toBeGreaterThan(3);
    const ids = stored(feed).map(({ id }) => Number(id));
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    expect(stored(feed)).toEqual(stored(witness));
    expect(stored(feed)).toHaveLength(200);
    expect(
      feed.received
        .filter(({ data }) => data.type === 'feed.ready')
        .every(({ data }) => data.type === 'feed.ready' && !data.missed),
    ).toBe(true);
    await Promise.all([feed.close(), witness.close()]);
  });

  test('who reconnects later gets what was missed, also across a restart of the product', async () => {
    const before = anna.listen();
    await before.ready;
    const first = await submit(anna);
    await until('the first event', () => stored(before).length === 1);
    const last = stored(before)[0]?.id ?? '';
    await before.close();
    await cancel(anna, first);
    await submit(ben);
    await product.pause();
    await product.resume();
    const second = await submit(anna);
    const after = anna.listen(last);
    await after.ready;
    await until('what was missed', () => stored(after).length === 2);
    expect(jobsOf(after)).toEqual([first, second]);
    expect(after.received[0]?.data).toEqual({ type: 'feed.ready', missed: false });
    await after.close();
  });

  test('who comes with an id of another database is told to read everything again, and hears what follows', async () => {
    const feed = anna.listen('999999999');
    await feed.ready;
    expect(feed.received[0]?.data).toEqual({ type: 'feed.ready', missed: true });
    const job = await submit(anna);
    await until('the live event', () => stored(feed).length > 0);
    expect(jobsOf(feed)).toEqual([job]);
    await feed.close();
  });

  test('a client that is cut off leaves nothing behind', async () => {
    const feeds = Array.from({ length: 10 }, () => ben.listen());
    await Promise.all(feeds.map(({ ready }) => ready));
    await Promise.all(feeds.map((feed) => feed.close()));
    expect(product.wentWrong()).toEqual([]);
  });
});
