import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fixture } from '#src/domain/formats/judging.testing.ts';
import { deleteUnused } from '#src/services/inputs/delete-unused.ts';
import type { Deps } from '../../process/deps.ts';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { refusal } from '../testing/visitor.ts';

const GB = 1000 ** 3;
const DAY_MS = 86_400_000;

describe('what one person may have', () => {
  let product: ProductUnderTest;
  let deps: Deps;
  let anna: TestPerson;
  let next = 0;
  const settings = (change: Parameters<Deps['settings']['change']>[0]) =>
    product.operator.api.admin.settings.change.mutate(change);

  beforeAll(async () => {
    product = await productUnderTest({ fleet: null, arrange: (given) => (deps = given) });
  });
  beforeEach(async () => {
    next += 1;
    anna = await product.participant(`Anna ${next}`);
    await settings({
      waitingCap: 500,
      jobsPerMinute: 600,
      databaseBytesPerParticipant: 2 * GB,
      inputBytesPerParticipant: 50 * GB,
    });
  });
  afterAll(() => product.stop());

  const many = async (count: number) => {
    const tries = await Promise.allSettled(
      Array.from({ length: count }, () => anna.api.jobs.submit.mutate({ prompt: picture() })),
    );
    return tries.filter(({ status }) => status === 'fulfilled').length;
  };

  test('three hundred jobs at once: the cap of five holds', async () => {
    await settings({ waitingCap: 5 });
    expect(await many(300)).toBe(5);
    expect((await anna.api.jobs.list.query({ limit: 200 })).items).toHaveLength(5);
  });

  test('jobs in a minute, however soon they end; what was taken once is not refused when it is asked for again', async () => {
    await settings({ jobsPerMinute: 7 });
    const first = await anna.api.jobs.submit.mutate({ prompt: picture(), clientRequestId: 'once' });
    await anna.api.jobs.cancel.mutate({ id: first.id });
    expect(await many(20)).toBe(6);
    expect(await refusal(anna.api.jobs.submit.mutate({ prompt: picture() }))).toMatchObject({
      status: 429,
      appError: 'too_many_jobs',
      retryAfterSeconds: 60,
      message: 'You submitted 7 jobs within a minute, the limit is 7. Try again in a minute.',
    });
    const again = await anna.api.jobs.submit.mutate({ prompt: picture(), clientRequestId: 'once' });
    expect(again.id).toBe(first.id);
  });

  test('bytes of the database, many at once', async () => {
    await settings({ databaseBytesPerParticipant: 1_000_000 });
    const large = { ...picture(), 99: { class_type: 'Note', inputs: { text: 'x'.repeat(200_000) } } };
    const tries = await Promise.allSettled(
      Array.from({ length: 10 }, () => anna.api.jobs.submit.mutate({ prompt: large })),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    const no = await refusal(anna.api.jobs.submit.mutate({ prompt: large }));
    expect(no.message).toMatch(/Your workflows take .* of the database, the limit is .*/);
    expect(await many(1)).toBe(1);
  });

  test('twenty tokens', async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 30 }, (_, n) => anna.api.session.createToken.mutate({ name: `${n}` })),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
    const tokens = await anna.api.session.tokens.query();
    await anna.api.session.revokeToken.mutate({ id: tokens[0]?.id ?? '' });
    await anna.api.session.createToken.mutate({ name: 'one more' });
  });

  const png = fixture('image_00001');
  const upload = async (name: string, tail = '') => {
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(png), tail]), name);
    const answer = await anna.fetch('/api/inputs', { method: 'POST', body: form });
    return { status: answer.status, said: await answer.text() };
  };
  const stored = async () =>
    (await readdir(join(product.folders.sfs, 'inputs'))).filter((name) => !name.startsWith('.'));

  test('uploads are listed, and taken away; a file goes when nobody has it for a day', async () => {
    const ben = await product.participant(`Ben ${next}`);
    await upload('a.png');
    await upload('b.png');
    const { items } = await anna.api.inputs.list.query();
    expect(items.map(({ name, kind }) => [name, kind])).toEqual([
      ['b.png', 'image'],
      ['a.png', 'image'],
    ]);
    expect(await anna.api.inputs.total.query()).toEqual({ files: 2, bytes: 2 * png.length, maxBytes: 50 * GB });
    expect((await refusal(ben.api.inputs.remove.mutate({ ids: items.map(({ id }) => id) }))).status).toBe(404);
    expect(await anna.api.inputs.remove.mutate({ ids: items.map(({ id }) => id) })).toEqual({ removed: 2 });
    expect(await anna.api.inputs.missing.query({ names: ['a.png'] })).toEqual(['a.png']);

    const later = { ...deps, clock: { now: () => Date.now() + 2 * DAY_MS } };
    await deleteUnused(deps);
    expect(await stored()).toHaveLength(1);
    await upload('c.png');
    await deleteUnused(later);
    expect(await stored()).toHaveLength(1);
    await anna.api.inputs.remove.mutate({ ids: (await anna.api.inputs.list.query()).items.map(({ id }) => id) });
    await deleteUnused(later);
    expect(await stored()).toEqual([]);
    expect(product.wentWrong()).toEqual([]);
  });

  test('more than a person may have is refused, many at once too, and nothing of it is left', async () => {
    await upload('a.png');
    await settings({ inputBytesPerParticipant: 1_000_000 });
    const large = png.length + 300_000;
    const tried = await Promise.all(Array.from({ length: 5 }, (_, n) => upload(`${n}.png`, String(n).repeat(300_000))));
    const taken = tried.filter(({ status }) => status === 200).length;
    expect(taken * large).toBeLessThanOrEqual(1_000_000);
    expect(tried.some(({ status, said }) => status === 413 && said.includes('Delete some under Inputs'))).toBe(true);
    expect(await stored()).toHaveLength(taken + 1);
  });
});
