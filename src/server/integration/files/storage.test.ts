import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

describe('storage', () => {
  let product: ProductUnderTest;
  let anna: TestPerson;
  let ben: TestPerson;
  const admin = () => product.operator.api.admin;
  const finished = async (who: TestPerson, prefix: string) => {
    const { id } = await who.api.jobs.submit.mutate({ prompt: picture({ prefix }) });
    return until('a finished job', async () => {
      const job = await who.api.jobs.get.query({ id });
      return job.status === 'completed' && job.results[0];
    });
  };

  beforeAll(async () => {
    product = await productUnderTest({ fleet: { replicas: 1 } });
    const people = await product.participants(['Anna', 'Ben']);
    [anna, ben] = [people[0]!, people[1]!];
  });
  afterAll(() => product.stop());

  test('what was found can be looked at again, and the disks are told', async () => {
    const { at, findings } = await admin().storage.findings.query();
    expect(findings.map(({ what }) => what)).toEqual(expect.arrayContaining(['Share', 'Data', 'Endpoint GPUs']));
    const again = await until('a later look', async () => {
      const found = await admin().storage.look.mutate();
      return found.at > at && found;
    });
    expect(again.findings.map(({ what }) => what)).toEqual(findings.map(({ what }) => what));
    const rooms = await admin().storage.rooms.query();
    expect(rooms.map(({ what }) => what)).toEqual(['Share', 'Data', 'Participants’ files']);
    for (const { free, total } of rooms) expect(total).toBeGreaterThanOrEqual(free ?? Number.POSITIVE_INFINITY);
  });

  test('orphaned files can be looked at, given with the graph that they carry, and ignored', async () => {
    await finished(ben, 'film/shot');
    const outputs = join(product.folders.sfs, 'outputs', 'comfyume');
    const lost = '0f9e8d7c-1234-4abc-8def-001122334455';
    const [attempt = ''] = await readdir(outputs);
    await rename(join(outputs, attempt), join(outputs, lost));
    await mkdir(join(outputs, lost, '7'));
    await writeFile(join(outputs, lost, '7', 'half.png'), 'not a picture');

    const strays = async () => (await admin().storage.strays.query()).strays;
    const found = await strays();
    const half = `comfyume/${lost}/7/half.png`;
    const whole = found.find(({ path }) => path !== half)?.path ?? '';
    expect(found.map(({ path, ignored }) => [path, ignored])).toEqual([
      [whole, false],
      [half, false],
    ]);

    const shown = await product.operator.fetch(`/strays/${whole}`);
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(await readFile(join(product.folders.sfs, 'outputs', whole)));
    const refused = [`/strays/${whole}`, '/strays/comfyume/none/0/x.png'];
    expect(await Promise.all(refused.map(async (path) => (await anna.fetch(path)).status))).toEqual([404, 404]);
    for (const path of ['/strays/../inputs/x.png', '/strays/comfyume/%2e%2e/%2e%2e/inputs/x.png', `/strays/${half}x`])
      expect((await product.operator.fetch(path)).status).toBe(404);

    const { given, failed } = await admin().storage.give.mutate({
      id: anna.id,
      paths: [whole, half, 'comfyume/x/0/y.png'],
    });
    expect(given).toBe(1);
    expect(failed.map(({ path }) => path).sort()).toEqual([half, 'comfyume/x/0/y.png']);
    const [result] = (await anna.api.results.list.query()).items;
    expect(result).toMatchObject({
      title: 'Assigned by Teacher',
      kind: 'image',
      filename: expect.stringMatching(/^film\/shot/),
    });
    expect(await product.filesOf(anna)).toHaveLength(1);
    const graph = await anna.api.jobs.graph.query({ id: result?.jobId ?? '' });
    expect(Object.keys(graph.prompt ?? {}).sort()).toEqual(['1', '2', '9']);
    const again = await anna.api.jobs.retry.mutate({ id: result?.jobId ?? '' });
    await until('the retry', async () => (await anna.api.jobs.get.query({ id: again.id })).status === 'completed');
    expect((await anna.fetch('/takehome')).status).toBe(303);

    expect((await strays()).map(({ path, ignored }) => [path, ignored])).toEqual([
      [whole, true],
      [half, false],
    ]);
    await admin().storage.setIgnored.mutate({ paths: [half], ignored: true });
    await admin().storage.setIgnored.mutate({ paths: [whole], ignored: false });
    expect((await strays()).map(({ ignored }) => ignored)).toEqual([false, true]);
  });

  test('models of a workflow are looked for where the workers have them', async () => {
    expect((await admin().storage.models.query()).files).toBeNull();
    await mkdir(join(product.folders.sfs, 'models', 'checkpoints'), { recursive: true });
    await writeFile(join(product.folders.sfs, 'models', 'checkpoints', 'sdxl_base_1.0.safetensors'), 'x');
    const loads = (ckpt_name: string) => ({
      ...picture(),
      '5': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name } },
    });
    for (const [name, file] of [
      ['there', 'sdxl_base_1.0.safetensors'],
      ['missing', 'sdxl_base.safetensors'],
    ] as const) {
      const { id } = await admin().workflows.add.mutate({ name, workflow: { nodes: [] }, prompt: loads(file) });
      const [needed] = await admin().storage.needs.query({ id });
      expect(needed?.found === null).toBe(name === 'missing');
      expect(needed?.near.map((near) => near.name)).toEqual(name === 'missing' ? ['sdxl_base_1.0.safetensors'] : []);
    }
  });

  test('a participant sees what is there instead of a model that is missing, names only', async () => {
    const needed = [
      { name: 'sdxl_base.safetensors', folders: ['checkpoints'] },
      { name: 'sdxl_base_1.0.safetensors', folders: ['checkpoints'] },
      { name: 'grain.safetensors', folders: ['loras'] },
      { name: 'own.safetensors', folders: null },
    ];
    expect(await anna.api.workflows.missingModels.query({ needed })).toEqual([
      { name: 'sdxl_base.safetensors', folder: 'checkpoints', choices: ['sdxl_base_1.0.safetensors'] },
    ]);
  });

  test('what people have to download is told', async () => {
    const mine = (await anna.api.results.list.query()).items;
    expect((await admin().storage.people.query()).find(({ name }) => name === 'Anna')).toMatchObject({
      files: mine.length,
      bytes: mine.reduce((sum, { bytes }) => sum + bytes, 0),
    });
    await admin().settings.change.mutate({ keepDays: 1 });
    expect(await admin().storage.cleanUpPreview.query()).toEqual([]);
    expect(await admin().storage.cleanUp.mutate()).toMatchObject({ people: 0, files: 0 });
    expect(product.wentWrong()).toEqual([]);
  });
});
