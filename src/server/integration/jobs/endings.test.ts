import { readdirSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { JobView } from '#src/api/views.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

const CASES = new URL('../../../domain/workflow/cases/', import.meta.url);
const submission = z.object({ prompt: z.record(z.string(), z.unknown()), title: z.string().optional() });

let product: ProductUnderTest;
let anna: TestPerson;
let ben: TestPerson;
beforeAll(async () => {
  product = await productUnderTest({ fleet: { version: '0.33.0', routing: 'strict', pace: 0.02 } });
  [anna, ben] = (await product.participants(['Anna', 'Ben'])) as [TestPerson, TestPerson];
  await product.operator.api.admin.settings.change.mutate({ inFlightCap: 20 });
});
afterAll(() => product.stop());

const submit = async (prompt: Record<string, unknown>, who = anna): Promise<string> =>
  (await who.api.jobs.submit.mutate({ prompt })).id;
const ended = (id: string, who = anna): Promise<JobView> =>
  until(
    `the end of job ${id}`,
    async () => {
      const job = await who.api.jobs.get.query({ id });
      return job.endedAt !== null && job;
    },
    60_000,
  );
/** Without counters and times: what is named after the day the test runs is named the same. */
const named = (filename: string): string => filename.replace(/\d{4,}-?\d*/g, '#').replace(/_#_?\./, '.');

/** Every graph that once failed: what comes of it. */
const OUTCOMES: Record<
  string,
  { status: string; results?: string[]; previews?: number; message?: RegExp; warnings?: number }
> = {
  'api-node-key.json': { status: 'failed', message: /^KlingTextToVideoNode stopped: Unauthorized/ },
  'easy-ksampler-save.json': { status: 'completed', results: ['ComfyUI.png'] },
  'image-and-caption.json': {
    status: 'completed',
    results: ['png', 'txt'].flatMap((ending) => Array(4).fill(`scene.${ending}`)),
  },
  'image-saver.json': { status: 'completed', results: [expect.stringMatching(/\.png$/)] },
  'image-saver-beside-saveimage.json': {
    status: 'completed',
    results: [expect.stringMatching(/\.png$/), 'still.png'],
  },
  'junk-files.json': { status: 'completed', results: ['shot.png'], warnings: 5 },
  'refused-then-fine.json': { status: 'completed', results: ['h.png'] },
  'saveimage-linked-prefix.json': { status: 'completed', results: ['scene_12/take.png'] },
  'seed-64bit.json': { status: 'completed', results: ['s.png'] },
  'shape-dangling-link-unused-branch.json': { status: 'completed', results: ['d.png'] },
  'shape-preview-only.json': { status: 'completed', previews: 1 },
  'shape-text-output-only.json': { status: 'completed', previews: 1 },
  'shape-websocket-saver-only.json': { status: 'completed', previews: 1 },
  'vhs-linked-prefix.json': { status: 'completed', results: ['scene_12.mp4', 'scene_12.png'] },
  'vhs-preview-beside-film.json': { status: 'completed', results: ['shots/take.mp4', 'shots/take.png'], previews: 2 },
  'vhs-preview-only.json': { status: 'completed', previews: 2 },
  'was-image-save-default.json': { status: 'completed', results: [expect.stringMatching(/ComfyUI/)] },
  'was-image-save-emptypath.json': { status: 'completed', results: [expect.stringMatching(/^ComfyUI.*jpg$/)] },
  'windows-backslash.json': { status: 'completed', results: ['film/scene 3/take.png'] },
};

test('every case has its outcome', () => expect(Object.keys(OUTCOMES).sort()).toEqual(readdirSync(CASES).sort()));

describe('graphs that once failed, on three replicas that no question about a prompt finds', () => {
  test.each(Object.entries(OUTCOMES))(
    '%s',
    async (name, outcome) => {
      const json: unknown = JSON.parse(readFileSync(new URL(name, CASES), 'utf8'));
      const prompt = submission.safeParse(json).data?.prompt ?? z.record(z.string(), z.unknown()).parse(json);
      const job = await ended(await submit(prompt));
      const { status, results = [], previews = 0, message, warnings = 0 } = outcome;
      expect({
        status: job.status,
        attempts: job.attempts,
        results: job.results.map(({ filename }) => named(filename)).sort(),
        previews: job.previews.length,
        warnings: job.warnings.length,
        said: status === job.status ? '' : [job.message, ...job.warnings],
      }).toEqual({ status, attempts: 1, results, previews, warnings, said: '' });
      if (message) expect(job.message).toMatch(message);
    },
    90_000,
  );
});

test('picture and caption keep one number, film and its picture too', async () => {
  const caption = JSON.parse(readFileSync(new URL('image-and-caption.json', CASES), 'utf8'));
  const { results } = await ended(await submit(caption));
  const stems = results.map(({ filename }) => filename.replace(/\.\w+$/, ''));
  expect(new Set(stems).size).toBe(results.length / 2);
});

const node = (class_type: string, inputs: Record<string, unknown>) => ({ class_type, inputs });
let made = 0;
const graphs = {
  raise: () => ({ 3: node('FakeRaise', { value: ['1', 0], message: 'no such thing' }), 9: save(['3', 0]) }),
  silent: () => ({ 9: node('FakeSeries', { images: ['1', 0], filename_prefix: 'none', count: 0, seconds: 0 }) }),
  blocked: () => ({ 3: node('FakeBlock', { value: ['1', 0] }), 9: save(['3', 0]) }),
  fine: () => ({ 9: save(['1', 0]) }),
};
const save = (images: readonly [string, number]) => node('SaveImage', { images, filename_prefix: 'end' });
const graphOf = (kind: keyof typeof graphs) => {
  made += 1;
  return { 1: node('EmptyImage', { width: 64, height: 64, batch_size: 1, color: made }), ...graphs[kind]() };
};

test('20 runs that raise, write nothing, are blocked or are fine: each ends at once, none is tried twice, and the endpoint stays open', async () => {
  const kinds = (['raise', 'raise', 'silent', 'blocked', 'fine'] as const).flatMap((kind) => Array(4).fill(kind));
  const ids: string[] = [];
  for (const kind of kinds) ids.push(await submit(graphOf(kind)));
  const bystander = await submit(graphOf('fine'), ben);
  expect(await ended(bystander, ben)).toMatchObject({ status: 'completed', attempts: 1 });
  const jobs = await Promise.all(ids.map((id) => ended(id)));
  const told = { raise: 'execution_error', silent: 'incomplete', blocked: 'incomplete', fine: null };
  expect(jobs.map(({ reason, attempts }) => [reason, attempts])).toEqual(
    kinds.map((kind) => [told[kind as 'fine'], 1]),
  );
  const [raised, , , , , , , , silent, , , , blocked] = jobs;
  expect(raised).toMatchObject({
    message: 'FakeRaise stopped: no such thing.',
    nodeErrors: { 3: { class_type: 'FakeRaise' } },
  });
  expect(silent?.message).toContain('FakeSeries (node 9) produced no files');
  expect(blocked?.message).toContain('SaveImage (node 9) produced no files');
  const [endpoint] = await product.operator.api.admin.endpoints.list.query();
  expect(endpoint?.restsUntil).toBeNull();
  expect(product.log.filter(({ message }) => message === 'attempt failed')).toEqual([]);
});

test('a node that writes three files, with pauses longer than any quiet time, gives three', async () => {
  const series = node('FakeSeries', { images: ['1', 0], filename_prefix: 'series', count: 3, seconds: 150 });
  const { results, status } = await ended(
    await submit({ 1: node('EmptyImage', { width: 64, height: 64, batch_size: 1, color: 9 }), 9: series }),
  );
  expect([status, results.length]).toEqual(['completed', 3]);
});

test('a file that never becomes whole is delivered when its run is over, and marked', async () => {
  const png = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'teal' } })
    .png()
    .toBuffer();
  const cut = png.subarray(0, png.length - 20);
  const write = node('FakeWrite', { filename_prefix: 'cut', name: 'cut.png', base64: cut.toString('base64') });
  const { results, status } = await ended(await submit({ 1: write }));
  expect([status, results.map(({ bytes, unfinished }) => [bytes, unfinished])]).toEqual([
    'completed',
    [[cut.length, true]],
  ]);
});

test('an empty text is a whole result', async () => {
  const text = {
    1: node('PrimitiveString', { value: '' }),
    2: node('SaveText', { text: ['1', 0], filename_prefix: 'empty', format: 'txt' }),
  };
  const { results, status } = await ended(await submit(text));
  expect([status, results.map(({ bytes, unfinished }) => [bytes, unfinished])]).toEqual(['completed', [[0, false]]]);
});

test('a file that comes after the end of its run is a result all the same', async () => {
  const late = node('FakeLate', { images: ['1', 0], filename_prefix: 'late', seconds: 100 });
  const id = await submit({ ...graphOf('fine'), 8: late });
  const job = await ended(id);
  expect(job.status).toBe('completed');
  await until('the late file', async () => (await anna.api.jobs.get.query({ id })).results.length === 2, 60_000);
}, 90_000);
