import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Graph, GraphNode } from '#src/domain/workflow/graph.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

const CASES = new URL('../../../domain/workflow/cases/', import.meta.url);
const caseOf = (name: string): unknown => JSON.parse(readFileSync(new URL(name, CASES), 'utf8'));

const node = (class_type: string, inputs: Record<string, unknown>): GraphNode => ({ class_type, inputs });
const image = node('EmptyImage', { width: 16, height: 16, batch_size: 2, color: 7 });
const saves = (class_type: string, inputs: Record<string, unknown>, rest: Graph = {}): Graph => ({
  '1': image,
  n: node(class_type, { images: ['1', 0], ...inputs }),
  ...rest,
});

describe('what nodes write comes back, wherever their inputs put it', () => {
  let product: ProductUnderTest;
  let anna: TestPerson;
  beforeAll(async () => {
    product = await productUnderTest({ fleet: { version: '0.33.0' } });
    anna = await product.participant('Anna');
  });
  afterAll(() => product.stop());

  async function run(body: { prompt: unknown; extra_data?: Record<string, unknown> }) {
    const receipt = await anna.api.jobs.submit.mutate(body);
    const job = await until('the end of the job', async () => {
      const now = await anna.api.jobs.get.query({ id: receipt.id });
      return now.endedAt !== null && now;
    });
    return { receipt, job, names: job.results.map(({ filename }) => filename).sort() };
  }

  test.each<[string, Graph, RegExp[]]>([
    [
      'a data set, with its captions',
      saves('SaveImageDataSetToFolder', { folder_name: 'cats', filename_prefix: 'cat', mode: 'overwrite' }),
      [/^cats\/cat_/, /^cats\/cat_/],
    ],
    [
      'a folder of WAS',
      saves('Image Save', {
        output_path: 'was/day',
        filename_prefix: 'w',
        filename_delimiter: '_',
        filename_number_padding: 4,
        filename_number_start: 'false',
        extension: 'png',
        quality: 100,
        overwrite_mode: 'false',
        show_previews: 'true',
      }),
      [/^was\/day\/w_/, /^was\/day\/w_/],
    ],
    [
      'an absolute folder of KJ',
      saves('SaveImageKJ', { output_folder: '/data/elsewhere', filename_prefix: 'kj/x' }),
      [/^kj\/x_/, /^kj\/x_/],
    ],
    [
      'a folder of SaveImageExtended, with what it appends',
      saves('SaveImageExtended', {
        filename_prefix: 'e',
        filename_keys: '',
        foldername_prefix: '',
        foldername_keys: 'width',
      }),
      [/e/, /e/],
    ],
    [
      'a name that only the worker knows',
      saves(
        'SaveImage',
        { filename_prefix: ['t', 0] },
        { t: node('StringTrim', { string: '  ../deep\\take ', mode: 'Both' }) },
      ),
      [/^_\/deep\/take_/, /^_\/deep\/take_/],
    ],
    ['folders of Windows', saves('SaveImage', { filename_prefix: 'film\\scene' }), [/^film\/scene_/, /^film\/scene_/]],
  ])('%s', async (_, prompt, expected) => {
    const { job, names } = await run({ prompt });
    expect(job).toMatchObject({ status: 'completed', attempts: 1, warnings: [] });
    expect(names).toEqual(expected.map((name) => expect.stringMatching(name)));
  });

  test.each<[name: string, files: number]>([
    ['easy-ksampler-save.json', 1],
    ['image-saver.json', 1],
    ['image-saver-beside-saveimage.json', 2],
    ['saveimage-linked-prefix.json', 1],
    ['shape-dangling-link-unused-branch.json', 1],
    ['was-image-save-default.json', 1],
    ['was-image-save-emptypath.json', 1],
    ['windows-backslash.json', 1],
  ])('%s', async (name, files) => {
    const { job } = await run({ prompt: caseOf(name) });
    expect(job).toMatchObject({ status: 'completed', attempts: 1, warnings: [] });
    expect(job.results).toHaveLength(files);
  });

  test('what cannot come back is named in the answer, and in the job', async () => {
    const prompt = saves('SaveImage', { filename_prefix: 'x' });
    const lost = { ...prompt, m: node('Save Text File', { path: 'x', filename_prefix: 'y' }) };
    await product.operator.api.admin.queue.pause.mutate();
    const receipt = await anna.api.jobs.submit.mutate({ prompt: lost });
    const warnings = [{ nodeId: 'm', classType: 'Save Text File', message: expect.stringContaining('not shared') }];
    expect(receipt.warnings).toEqual(warnings);
    expect((await anna.api.jobs.get.query({ id: receipt.id })).warnings).toEqual(warnings);
    const { items } = await anna.api.jobs.list.query({ limit: 1 });
    expect(items[0]?.warnings).toEqual(warnings);
    await anna.api.jobs.cancel.mutate({ id: receipt.id });
    await product.operator.api.admin.queue.resume.mutate();
  });

  test('extra_data reaches the worker once the operator allows it, and nobody else', async () => {
    const KEY = 'comfyui-key-7391';
    const body = {
      prompt: {
        '1': node('KlingTextToVideoNode', { prompt: 'a' }),
        '2': node('SaveImage', { images: ['1', 0], filename_prefix: 'k' }),
      },
      extra_data: { api_key_comfy_org: KEY },
    };
    const without = await run(body);
    expect(without.receipt.warnings[0]?.message).toContain('“api_key_comfy_org”');
    expect(without.job.status).toBe('failed');
    await product.operator.api.admin.settings.change.mutate({ allowedExtraData: ['api_key_comfy_org'] });
    const { receipt, job, names } = await run(body);
    expect({ status: job.status, warnings: receipt.warnings, names }).toEqual({
      status: 'completed',
      warnings: [],
      names: [expect.stringMatching(/^k_/)],
    });
    const file = await anna.fetch(job.results[0]?.url ?? '');
    expect(Buffer.from(await file.arrayBuffer()).includes(KEY)).toBe(false);
    const graph = await anna.api.jobs.graph.query({ id: job.id });
    expect(JSON.stringify([job, graph, product.log])).not.toContain(KEY);
  });
});
