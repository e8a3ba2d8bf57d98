import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { frontEndFiles } from '#src/simulator/front-end/front-end-files.ts';
import { freePort } from '../testing/free-port.ts';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';
import { type Visitor, visitor } from '../testing/visitor.ts';

let product: ProductUnderTest;
let ada: TestPerson;
let comfyui: Visitor;

beforeAll(async () => {
  product = await productUnderTest({
    captures: true,
    fleet: { version: '0.33.0', replicas: 1, minReplicas: 1 },
    config: { comfyuiPort: await freePort() },
    // Whenever a job has started.
    arrange: (deps) => ({
      ...deps,
      timings: { ...deps.timings, frontEnd: { ...deps.timings.frontEnd, checkEveryMs: 1 } },
    }),
  });
  ada = await product.participant('Ada');
  const { token } = await ada.api.session.createToken.mutate({ name: 'ComfyUI' });
  comfyui = visitor(product.comfyuiUrl, { authorization: `Bearer ${token}` });
});
afterAll(() => product.stop());

const read = async (path: string): Promise<string | null> => {
  const response = await comfyui.fetch(path);
  const text = await response.text();
  return response.status === 200 ? text : null;
};
const pageOf = (update: number) => frontEndFiles(update).get('index.html')?.body.toString();
const runJob = () => ada.api.jobs.submit.mutate({ prompt: picture() });
/** A job may start while the last reading is still going on: then the next one does it. */
const afterJobs = (what: string, look: () => Promise<boolean>) =>
  until(what, async () => {
    if (await look()) return true;
    const { id } = await runJob();
    await until('the job to end', async () => (await ada.api.jobs.get.query({ id })).status === 'completed');
    return look();
  });

test('what somebody wanted is there once a job has run', async () => {
  await afterJobs('the page', async () => (await read('/')) === pageOf(1));
  expect(await read('/templates/grey_card-1.png')).toBeNull();
  await afterJobs('the picture of a template', async () => (await read('/templates/grey_card-1.png')) !== null);
  expect(await read('/templates/none.json')).toBeNull();
});

test('an update of the workers is seen with the next job; tabs that are open still load what they import late', async () => {
  await product.fleet().control.update(2);
  await afterJobs('the new page', async () => (await read('/')) === pageOf(2));
  for (const update of [1, 2])
    for (const [path, { body }] of frontEndFiles(update))
      if (/^assets\/\w+-[\w-]{8}\./.test(path)) expect(await read(`/${path}`), path).toBe(body.toString());
  expect(await read('/extensions/simulated-pack/js/parts/label.mjs')).toContain('update-2');
  // What was wanted before the update was read again with it.
  expect(await read('/templates/grey_card-1.png')).not.toBeNull();
  const { endpoints } = await product.operator.api.admin.frontEnds.list.query();
  expect(endpoints).toMatchObject([{ failure: null, kept: { versions: { frontEnd: '1.27.11' } } }]);
});

test('the operator’s own front end wins, and node packs stay those of the workers', async () => {
  const own = join(product.folders.root, 'own-front-end');
  await mkdir(join(own, 'extensions', 'core'), { recursive: true });
  await writeFile(join(own, 'index.html'), '<p>Our own');
  await writeFile(join(own, 'extensions', 'core', 'own.js'), 'export {};');
  await product.pause();
  await rm(join(product.folders.data, 'nodes'), { recursive: true });
  await product.resume({ comfyuiFrontEnd: own });
  // Without nodes it would stay empty.
  expect(await read('/')).toContain('The ComfyUI editor is not loaded yet');
  await afterJobs('the nodes', async () => (await read('/')) === '<p>Our own');
  expect(JSON.parse((await read('/api/extensions')) ?? '')).toEqual([
    '/extensions/core/own.js',
    '/extensions/simulated-pack/js/main.js',
    '/extensions/comfyume/comfyume.js?class',
  ]);
  expect((await product.operator.api.admin.frontEnds.list.query()).given).toEqual({
    isFit: true,
    sentence: 'The front end of COMFYUI_FRONTEND is used.',
  });
  await product.pause();
  await expect(product.resume({ comfyuiFrontEnd: join(own, 'extensions') })).rejects.toThrow(
    /^COMFYUI_FRONTEND ".*" has no index\.html: it is no front end of ComfyUI\.$/,
  );
  await product.resume();
  expect(await read('/')).toBe(pageOf(2));
});
