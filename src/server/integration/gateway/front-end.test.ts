import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { frontEndFiles } from '#src/simulator/front-end/front-end-files.ts';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';
import { type Visitor, visitor } from '../testing/visitor.ts';

let product: ProductUnderTest;
let ada: TestPerson;
/** Ada's ComfyUI. */
let comfyui: Visitor;
let authorization: string;

beforeAll(async () => {
  product = await productUnderTest({
    captures: true,
    // All GPUs are cold until somebody asks for one.
    fleet: { version: '0.33.0', replicas: 2, minReplicas: 0 },
    config: { comfyuiPort: 0 },
  });
  ada = await product.participant('Ada');
  authorization = `Bearer ${(await ada.api.session.createToken.mutate({ name: 'ComfyUI' })).token}`;
  comfyui = visitor(product.comfyuiUrl, { authorization });
  await mkdir(join(product.folders.root, 'extension'));
  await writeFile(join(product.folders.root, 'extension', 'comfyume.js'), 'export {};');
});
afterAll(() => product.stop());

const state = () => product.fleet().control.state();
/** Without what jobs are sent, watched and heard with. */
const notOfJobs = <T>(counts: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(counts).filter(([route]) => !/^POST|^GET \/(ws|jobs|history|queue)\b/.test(route)));
const frontEnds = () => product.operator.api.admin.frontEnds.list.query();
const kept = async () => (await frontEnds()).endpoints[0]?.kept ?? null;
const read = async (path: string, init?: RequestInit) => {
  const response = await comfyui.fetch(path, init);
  return { status: response.status, headers: response.headers, text: await response.text() };
};
/** One way through everything that a page asks for. */
const EVERYTHING = [
  '/',
  '/api/extensions',
  '/api/system_stats',
  '/i18n',
  '/api/workflow_templates',
  '/global_subgraphs',
]
  .concat(['/global_subgraphs/simulated-blueprint', '/node_replacements', '/user.css', '/templates/index.json'])
  .concat(['/templates/grey_card.json', '/docs/EmptyImage/en.md', '/assets/x-AbCd1234.js', '/scripts/app.js']);

describe('before any GPU has run', () => {
  test('a page says what to do, to whoever is signed in; it needs no script', async () => {
    const { status, headers, text: page } = await read('/');
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
      200,
      'text/html; charset=utf-8',
      'no-store',
    ]);
    expect(page).toContain('The ComfyUI editor is not loaded yet');
    expect(page).toContain(`href="http://127.0.0.1:${new URL(product.url).port}"`);
    expect(page).not.toContain('<script');
    const stranger = await visitor(product.comfyuiUrl).fetch('/', { headers: { accept: 'text/html' } });
    expect([stranger.status, stranger.headers.get('location')]).toEqual([302, '/login']);
    expect((await visitor(product.comfyuiUrl).fetch('/assets/x.js')).status).toBe(401);
  });

  test('what a page and programs ask first is answered all the same', async () => {
    expect(JSON.parse((await read('/api/extensions')).text)).toEqual(['/extensions/comfyume/comfyume.js?class']);
    expect(JSON.parse((await read('/api/system_stats')).text)).toMatchObject({
      system: { argv: ['main.py', '--disable-api-nodes'] },
      devices: [],
    });
    for (const path of ['/i18n', '/global_subgraphs', '/node_replacements', '/workflow_templates'])
      expect(JSON.parse((await read(path)).text), path).toEqual({});
    expect((await read('/user.css')).status).toBe(200);
    const own = await read('/extensions/comfyume/comfyume.js');
    expect([own.status, own.headers.get('content-type'), own.text]).toEqual([
      200,
      'text/javascript; charset=utf-8',
      'export {};',
    ]);
    const gone = await read('/assets/none.js');
    expect([gone.status, JSON.parse(gone.text).error.type]).toEqual([404, 'not_found']);
    expect((await read('/assets/none.js', { method: 'POST' })).status).toBe(404);
  });

  test('nothing of this has started a GPU', async () => {
    for (const path of EVERYTHING) await read(path);
    const { replicas, requests, woke } = await state();
    expect([replicas, requests, woke]).toEqual([[], {}, {}]);
  });
});

describe('once a job has started', () => {
  beforeAll(async () => {
    const { id } = await ada.api.jobs.submit.mutate({ prompt: picture() });
    await until('the job to end', async () => (await ada.api.jobs.get.query({ id })).status === 'completed');
    await until('the page to be read', async () => (await kept()) !== null);
  });

  test('only the job has started GPUs', async () => {
    const { woke } = await state();
    expect([Object.keys(woke).length > 0, notOfJobs(woke)]).toEqual([true, {}]);
  });

  test('its files are served byte for byte, with their types, and as long as they may be kept', async () => {
    for (const [path, { body, type }] of frontEndFiles(1)) {
      if (/^docs|^templates\/grey|^assets\/images\/frame/.test(path)) continue;
      const { status, headers, text: served } = await read(path === 'index.html' ? '/' : `/${path}`);
      expect([status, served], path).toEqual([200, body.toString()]);
      expect(headers.get('content-type'), path).toContain(type.split(';')[0]);
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('referrer-policy'), path).toBe('no-referrer');
      expect(headers.get('content-security-policy'), path).toContain("default-src 'self'");
      const isForever = /^assets\/\w+-[\w-]{8}\./.test(path);
      expect(headers.get('cache-control')?.includes('immutable'), path).toBe(isForever);
      const again = await read(`/${path}`, { headers: { 'if-none-match': headers.get('etag') ?? '' } });
      expect([again.status, again.text], path).toEqual([304, '']);
    }
  });

  test('extensions are the workers’ and ours; what servers gather is there', async () => {
    expect(JSON.parse((await read('/api/extensions')).text)).toEqual([
      '/extensions/core/groupNode.js',
      '/extensions/simulated-pack/js/main.js',
      '/extensions/comfyume/comfyume.js?class',
    ]);
    expect(JSON.parse((await read('/api/i18n')).text)).toHaveProperty('en.nodeDefs.SimulatedNode');
    expect(JSON.parse((await read('/workflow_templates')).text)).toEqual({ 'simulated-pack': ['demo'] });
    expect(JSON.parse((await read('/api/global_subgraphs')).text)).toHaveProperty('simulated-blueprint');
    expect(JSON.parse((await read('/api/global_subgraphs/simulated-blueprint')).text).data).toContain('nodes');
    expect(JSON.parse((await read('/system_stats')).text)).toMatchObject({
      system: {
        argv: ['main.py', '--disable-api-nodes'],
        comfyui_version: '0.33.0',
        comfy_package_versions: [{ installed: '1.27.10' }, {}],
      },
      devices: [{ type: 'cuda' }],
    });
    const head = await read('/', { method: 'HEAD' });
    expect([head.status, head.text, Number(head.headers.get('content-length')) > 0]).toEqual([200, '', true]);
  });

  test('operators see what was read; jobs know the nodes', async () => {
    expect(await frontEnds()).toMatchObject({
      given: null,
      endpoints: [
        {
          name: 'GPUs',
          isPrimary: true,
          clashes: [],
          failure: null,
          kept: { versions: { comfyui: '0.33.0' }, leftOut: [] },
        },
      ],
    });
    expect((await kept())?.classes).toBeGreaterThan(300);
  });

  test('with all GPUs cold again everybody has the whole page, and nobody starts one', async () => {
    await until('nothing to be read any more', async () => !(await frontEnds()).endpoints[0]?.isRunning);
    await product.fleet().control.scaleToZero();
    const before = await state();
    for (const path of EVERYTHING) await read(path);
    for (const path of frontEndFiles(1).keys()) await read(`/${path}`);
    const after = await state();
    expect([notOfJobs(after.requests), notOfJobs(after.woke)]).toEqual([notOfJobs(before.requests), {}]);
    expect(after.replicas.filter(({ phase }) => phase !== 'gone')).toEqual([]);
  });

  test('no path leads out of what is kept', async () => {
    const { hostname, port } = new URL(product.comfyuiUrl);
    const secret = join(product.folders.data, 'secret.js');
    await writeFile(secret, 'TOP SECRET');
    const raw = async (path: string): Promise<string> => {
      const socket = connect(Number(port), hostname);
      socket.write(
        `GET ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\nauthorization: ${authorization}\r\nconnection: close\r\n\r\n`,
      );
      return text(socket);
    };
    const piece = fc.constantFrom(
      '..',
      '%2e%2e',
      '.%2e',
      '%2f',
      '%5c',
      '\\',
      'assets',
      'extensions',
      'comfyume',
      'files',
      'secret.js',
      'front-ends',
      '',
      '.',
      '%00',
      '~',
      encodeURIComponent(product.folders.data),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 9 }), async (pieces) => {
        const answer = await raw(`/${pieces.join('/')}`);
        expect(answer).toMatch(/^HTTP\/1\.1 (200|30\d|400|404|405) /);
        expect(answer).not.toContain('TOP SECRET');
        // A path that is served is one of the page, or one of the addresses that everybody has.
        if (/^HTTP\/1\.1 200 /.test(answer)) expect(answer).toMatch(/application\/json|<!doctype html>|export \{\};/);
      }),
      { numRuns: 150, seed: 19 },
    );
    expect(await raw(`/${secret}`)).toContain('404');
  });

  test('a refresh starts a GPU, reads what somebody wanted, and a job’s restart keeps all of it', async () => {
    const [endpoint] = (await frontEnds()).endpoints;
    await product.operator.api.admin.frontEnds.refresh.mutate({ id: endpoint!.id });
    await until('it to be read again', async () => (await kept())?.capturedAt !== endpoint?.kept?.capturedAt);
    expect((await read('/templates/grey_card.json')).status).toBe(200);
    expect((await read('/docs/EmptyImage/en.md')).headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect((await state()).woke).toMatchObject({ 'GET /system_stats': 1 });
    await product.pause();
    await product.resume();
    expect((await state()).requests['GET /object_info']).toEqual({ 200: 2 });
    expect((await kept())?.files).toBe(endpoint?.kept?.files);
  });
});
