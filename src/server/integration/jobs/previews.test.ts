import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JobView, ResultView } from '#src/api/views.ts';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

const previewOf = (link: readonly [string, number]) => ({ class_type: 'PreviewImage', inputs: { images: link } });

describe('previews', () => {
  let product: ProductUnderTest;
  let anna: TestPerson;
  let ben: TestPerson;
  let job: JobView;
  let preview: ResultView;

  beforeAll(async () => {
    product = await productUnderTest({ fleet: { replicas: 1 } });
    const [first, second] = await product.participants(['Anna', 'Ben']);
    if (!first || !second) throw new Error('two participants');
    [anna, ben] = [first, second];
    const graph = picture({ prefix: 'shot' });
    const { id } = await anna.api.jobs.submit.mutate({ prompt: { ...graph, '12': previewOf(['2', 0]) } });
    job = await until('the end of the job', async () => {
      const now = await anna.api.jobs.get.query({ id });
      return now.endedAt !== null && now;
    });
    const [only] = job.previews;
    if (!only) throw new Error('no preview');
    preview = only;
  });
  afterAll(() => product.stop());

  const isThere = (filename: string): Promise<boolean> =>
    access(join(product.folders.outputs, anna.name, filename)).then(
      () => true,
      () => false,
    );

  test('a job has them beside its results, and they take no name from them', () => {
    expect(job.results.map(({ filename, preview }) => [filename, preview])).toEqual([['shot_00001_.png', false]]);
    expect(job.previews).toMatchObject([
      { nodeId: '12', filename: 'preview_images_00001_.png', preview: true, unfinished: false },
    ]);
  });

  test('they are in lists only when asked for, and in no figures and archives', async () => {
    const ids = job.results.map(({ id }) => id);
    expect((await anna.api.results.list.query()).items.map(({ id }) => id)).toEqual(ids);
    expect(await anna.api.results.count.query()).toBe(1);
    const all = (await anna.api.results.list.query({ previews: true })).items.map(({ id }) => id);
    expect(all.sort()).toEqual([...ids, preview.id].sort());
    const people = await product.operator.api.admin.storage.people.query();
    expect(people.find(({ id }) => id === anna.id)).toMatchObject({ files: 1 });

    const json = { headers: { accept: 'application/json' } };
    expect((await anna.fetch(`/takehome?ids=${preview.id}`, json)).status).toBe(404);
    const archive = await anna.fetch(`/takehome?previews=true&ids=${preview.id},${ids[0]}`, json);
    const one = await anna.fetch(`/takehome?ids=${ids[0]}`, json);
    expect(await archive.json()).toEqual(await one.json());
  });

  test('their files are their owner’s and the operators’', async () => {
    for (const address of [preview.url, preview.thumbUrl ?? '']) {
      expect((await anna.fetch(address)).status).toBe(200);
      expect((await product.operator.fetch(address)).status).toBe(200);
      expect((await ben.fetch(address)).status).toBe(404);
    }
    await expect(ben.api.results.get.query({ id: preview.id })).rejects.toThrow('Result not found');
    const { expiresAt } = await anna.api.results.get.query({ id: preview.id });
    expect(Date.parse(expiresAt ?? '') - Date.parse(preview.createdAt)).toBe(24 * 3_600_000);
  });

  test('they are not shown to the class', async () => {
    await expect(anna.api.results.hang.mutate({ ids: [preview.id], onWall: true })).rejects.toThrow(
      'must be kept before',
    );
  });

  test('kept by its owner, one is a result like the others', async () => {
    await expect(ben.api.results.keep.mutate({ id: preview.id })).rejects.toThrow('Result not found');
    const kept = await anna.api.results.keep.mutate({ id: preview.id });
    expect(kept).toMatchObject({ id: preview.id, filename: 'preview_images_00001_.png', preview: false });
    expect([await isThere('preview_images_00001_.png'), await isThere('.previews/preview_images_00001_.png')]).toEqual([
      true,
      false,
    ]);
    expect((await anna.fetch(kept.url)).status).toBe(200);
    expect(await anna.api.results.count.query()).toBe(2);
    expect((await anna.api.results.get.query({ id: kept.id })).expiresAt).toBeNull();
    expect(await anna.api.results.keep.mutate({ id: preview.id })).toEqual(kept);
  });

  test('a graph that only shows something is run like any other', async () => {
    const { '9': _, ...graph } = picture();
    const { id } = await anna.api.jobs.submit.mutate({ prompt: { ...graph, '12': previewOf(['2', 0]) } });
    const ended = await until('the end of the job', async () => {
      const now = await anna.api.jobs.get.query({ id });
      return now.endedAt !== null && now;
    });
    expect(ended).toMatchObject({ status: 'completed', results: [], warnings: [] });
    expect(ended.previews).toMatchObject([{ nodeId: '12', preview: true }]);
  });

  test('nothing went wrong meanwhile', () => {
    expect(product.wentWrong()).toEqual([]);
  });
});
