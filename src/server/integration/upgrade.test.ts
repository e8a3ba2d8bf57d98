import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ProductUnderTest, productUnderTest, signIn } from './testing/product-under-test.ts';

/** The data folder of an installation of version 0.1: two jobs of one participant, made with the simulated GPUs. */
const OLD = fileURLToPath(new URL('fixtures/version-0.1/', import.meta.url));
const BEA = { name: 'Bea', password: 'mango-violin-lamp-apple-55' };
const TEACHER = { name: 'teacher', password: 'paper-trail-flag-balloon-48' };

let product: ProductUnderTest;
/** It was one of SQLite, whatever else is tested on. */
const resume = () => product.resume({ databaseUrl: `file:${join(product.folders.data, 'comfyume.db')}` });

beforeAll(async () => {
  product = await productUnderTest({ fleet: null });
  await product.pause();
  const { data, outputs } = product.folders;
  for (const end of ['', '-wal', '-shm']) await rm(join(data, `comfyume.db${end}`), { force: true });
  await writeFile(join(data, 'comfyume.db'), gunzipSync(await readFile(join(OLD, 'comfyume.db.gz'))));
  await cp(join(OLD, 'outputs'), outputs, { recursive: true });
  await resume();
});
afterAll(() => product.stop());

test('participants sign in with their passphrase and find their results, by parameters too', async () => {
  const bea = product.visitor();
  await signIn(bea, BEA);
  const { items } = await bea.api.results.list.query({});
  expect(items.map(({ filename, favourite }) => [filename, favourite])).toEqual([
    ['lighthouse_00002_.png', true],
    ['lighthouse_00001_.png', false],
  ]);
  for (const { url } of items) expect((await bea.fetch(url)).status).toBe(200);
  const found = async (filter: object): Promise<number> => (await bea.api.results.list.query(filter)).items.length;
  expect(await found({ words: 'paper boat' })).toBe(1);
  expect(await found({ lora: 'film_grain.safetensors' })).toBe(2);
  expect(await found({ seed: '77' })).toBe(1);
  const choices = await bea.api.results.choices.query();
  expect(choices.loras.map(({ name }) => name)).toEqual(['film_grain.safetensors']);
});

test('operators find jobs, what was done, and what they had set aside', async () => {
  const teacher = product.visitor();
  await signIn(teacher, TEACHER);
  const { items } = await teacher.api.admin.events.list.query({});
  expect(items.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['admin.participants.create', 'admin.queue.pause', 'server.stopped']),
  );
  const bea = product.visitor();
  await signIn(bea, BEA);
  const [job] = (await bea.api.jobs.list.query({})).items;
  const { story } = await teacher.api.admin.queue.story.query({ id: job!.id });
  expect(story.map(({ what }) => what)).toContain('Done.');
});

test('its next start changes nothing more', async () => {
  await product.pause();
  await resume();
  const bea = product.visitor();
  await signIn(bea, BEA);
  expect((await bea.api.results.list.query({})).items).toHaveLength(2);
});
