import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createFrontEndStore } from '#src/adapters/files/front-ends/store.ts';
import type { CaptureFault } from '#src/domain/front-end/capture-words.ts';
import type { CaptureOutcome, FrontEndStore } from '#src/ports/comfyui/front-end.ts';
import { frontEndFiles } from '#src/simulator/front-end/front-end-files.ts';
import { type RunningFleet, startFleet } from '#src/simulator/start-fleet.ts';
import { createFrontEndReader } from './reader.ts';

let dir: string;
let store: FrontEndStore;
/** Called with how many files have been kept. */
let onPut: (count: number) => Promise<void> | void = () => undefined;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'front-end-'));
  store = createFrontEndStore(join(dir, 'front-ends'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));
afterEach(() => {
  onPut = () => undefined;
});

const never = new AbortController().signal;
let count = 0;
const reader = createFrontEndReader(() => undefined, {
  clock: { now: () => 1000 },
  store: {
    put: async (bytes) => {
      await onPut(++count);
      return store.put(bytes);
    },
  },
});
const at = (url: string) => ({ url, apiKeyVariable: null, capacity: 3 });

function captured(outcome: CaptureOutcome): Extract<CaptureOutcome, { type: 'captured' }> {
  if (outcome.type === 'failed') throw new Error(JSON.stringify(outcome.fault));
  return outcome;
}
const isHashed = (path: string): boolean => /^assets\/\w+-/.test(path) && !path.includes('sorted-');
const faultOf = (outcome: CaptureOutcome): CaptureFault | null => (outcome.type === 'failed' ? outcome.fault : null);

describe('three simulated replicas behind a random balancer', () => {
  let fleet: RunningFleet;
  beforeAll(async () => {
    const [outputs, inputs] = [join(dir, 'outputs'), join(dir, 'inputs')];
    fleet = await startFleet({ outputs, inputs, version: '0.33.0', replicas: 3, minReplicas: 3 });
  });
  afterAll(() => fleet.stop());

  test('everything that the page names, imports late or puts together is read, byte for byte', async () => {
    const { frontEnd, nodes } = captured(await reader.capture(at(fleet.url), [], never));
    for (const [path, { body }] of frontEndFiles(1)) {
      if (/^(docs|templates\/grey)|^assets\/images\/frame/.test(path)) continue;
      const file = frontEnd.files.get(path);
      expect(file && Buffer.from((await store.read(file)) ?? ''), path).toEqual(body);
    }
    expect(frontEnd).toMatchObject({
      capturedAt: 1000,
      versions: { comfyui: '0.33.0', frontEnd: '1.27.10', requiredFrontEnd: '1.27.10' },
      extensions: ['extensions/core/groupNode.js', 'extensions/simulated-pack/js/main.js'],
      leftOut: [],
    });
    expect([...frontEnd.files.keys()]).toEqual(
      expect.arrayContaining([
        'extensions/simulated-pack/js/parts/label.mjs',
        'extensions/simulated-pack/js/style.css',
        'i18n',
        'global_subgraphs',
        'global_subgraphs/simulated-blueprint',
        'workflow_templates',
        'system_stats',
      ]),
    );
    expect(frontEnd.extras.size).toBe(0);
    expect(Object.keys(JSON.parse(nodes.objectInfo)).length).toBeGreaterThan(300);
    expect(nodes.models.find(({ name }) => name === 'loras')).toMatchObject({
      files: expect.arrayContaining(['film_grain.safetensors']),
      extensions: expect.arrayContaining(['.safetensors']),
    });
    expect(nodes.replaced).toEqual([]);
    const stats = frontEnd.files.get('system_stats');
    const said = JSON.parse(Buffer.from((stats && (await store.read(stats))) ?? '').toString());
    expect(said).toMatchObject({
      system: { argv: ['main.py'], comfyui_version: '0.33.0' },
      devices: [{ type: 'cuda' }],
    });
    expect(await reader.key(at(fleet.url), never)).toEqual({ key: frontEnd.key });
  });

  test('what somebody’s page wanted is read too, where it is a file of a page', async () => {
    const wanted = [
      'assets/none-AbCd1234.js',
      'templates/grey_card.json',
      'docs/EmptyImage/en.md',
      'docs/None/en.md',
      'free',
      'api/free.js',
    ];
    const { frontEnd } = captured(await reader.capture(at(fleet.url), wanted, never));
    expect([...frontEnd.extras.keys()].sort()).toEqual(['docs/EmptyImage/en.md', 'templates/grey_card.json']);
    expect([...(await reader.files(at(fleet.url), wanted, never)).keys()].sort()).toEqual([
      'docs/EmptyImage/en.md',
      'templates/grey_card.json',
    ]);
    expect((await fleet.control.state()).requests['GET /free']).toBeUndefined();
  });

  test('an update in the middle: what is kept is of the new version only', async () => {
    const before = count;
    let isUpdated = false;
    onPut = async (now) => {
      if (isUpdated || now < before + 3) return;
      isUpdated = true;
      await fleet.control.update(2);
    };
    const { frontEnd } = captured(await reader.capture(at(fleet.url), [], never));
    expect(isUpdated).toBe(true);
    const assets = [...frontEnd.files.keys()].filter((path) => path.startsWith('assets/index-'));
    expect(assets.sort()).toEqual(
      [...frontEndFiles(2).keys()].filter((path) => path.startsWith('assets/index-')).sort(),
    );
    expect(frontEnd.versions.frontEnd).toBe('1.27.11');
  });

  test('replicas that stay of different versions: a sentence, and no page of both', async () => {
    const [one] = (await fleet.control.state()).replicas;
    await fleet.control.update(3, one?.id);
    const outcome = await reader.capture({ ...at(fleet.url), capacity: 12 }, [], never);
    // With luck one version answered everything; then it is whole.
    if (outcome.type === 'failed') expect(['mixed', 'file']).toContain(outcome.fault.type);
    else
      expect([2, 3].map((update) => [...frontEndFiles(update).keys()].filter(isHashed).sort())).toContainEqual(
        [...outcome.frontEnd.files.keys()].filter(isHashed).sort(),
      );
  });
});

describe('a worker that means harm', () => {
  type Answer = (request: IncomingMessage, response: ServerResponse) => void;
  const servers: { close(): void; closeAllConnections(): void }[] = [];
  afterAll(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });
  const html =
    (body: string): Answer =>
    (_, response) =>
      void response.writeHead(200, { 'content-type': 'text/html' }).end(body);
  const json =
    (value: unknown): Answer =>
    (_, response) =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  const script =
    (body: string): Answer =>
    (_, response) =>
      void response.writeHead(200, { 'content-type': 'text/javascript' }).end(body);
  const INDEX = 'assets/index-AbCdEf12.js';
  const WELL: Record<string, Answer> = {
    '/system_stats': json({ system: { comfyui_version: '0.33.0', argv: ['main.py', '--secret'] }, devices: [] }),
    '/': html(`<script type="module" src="./${INDEX}"></script>`),
    [`/${INDEX}`]: script('export {}'),
    '/extensions': json([]),
    '/object_info': json({}),
  };
  async function worker(answers: Record<string, Answer>): Promise<{ url: string; asked: string[] }> {
    const asked: string[] = [];
    const all = { ...WELL, ...answers };
    const server = createServer((request, response) => {
      const address = request.url ?? '';
      asked.push(address);
      const answer = all[address];
      if (answer) answer(request, response);
      else response.writeHead(404).end('404: Not Found');
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, asked };
  }

  const endless: Answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/javascript' });
    const more = (): void => {
      while (response.write(Buffer.alloc(1024 * 1024, 32)));
      response.once('drain', more);
    };
    more();
  };
  const bomb: Answer = (_, response) =>
    void response
      .writeHead(200, { 'content-type': 'text/javascript', 'content-encoding': 'gzip' })
      .end(gzipSync(Buffer.alloc(200 * 1024 * 1024)));

  test.each<[string, Record<string, Answer>, CaptureFault]>([
    [
      'a page where a script should be',
      { [`/${INDEX}`]: html('<p>Sign in') },
      { type: 'file', path: INDEX, problem: 'web_page' },
    ],
    ['a script without an end', { [`/${INDEX}`]: endless }, { type: 'file', path: INDEX, problem: 'too_large' }],
    ['a gzip bomb', { [`/${INDEX}`]: bomb }, { type: 'file', path: INDEX, problem: 'too_large' }],
    [
      'an answer that is cut',
      {
        [`/${INDEX}`]: (_, response) =>
          void response.writeHead(200, { 'content-length': '9' }).write('x', () => response.destroy()),
      },
      { type: 'file', path: INDEX, problem: 'unreadable' },
    ],
    [
      'a redirect',
      { '/': (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end('') },
      { type: 'no_page', path: '/', httpStatus: 302, said: '' },
    ],
    [
      'a sign-in page for everything',
      { '/system_stats': html('<p>Sign in') },
      { type: 'no_page', path: '/system_stats', httpStatus: 200, said: '' },
    ],
    [
      'no nodes',
      { '/object_info': (_, response) => void response.writeHead(500).end('') },
      { type: 'no_page', path: '/object_info', httpStatus: 500, said: '' },
    ],
    [
      'a page that is another one each time',
      {
        '/': (request, response) =>
          html(`${WELL} ${Math.random()}<script src="./${INDEX}"></script>`)(request, response),
      },
      { type: 'mixed', attempts: 3 },
    ],
  ])('%s', async (_, answers, fault) => {
    const { url } = await worker(answers);
    expect(faultOf(await reader.capture(at(url), [], never))).toEqual(fault);
  });

  test('more files than a page has', async () => {
    const names = Array.from({ length: 9000 }, (_, n) => `"./x${n}.css"`).join();
    const { url } = await worker({ [`/${INDEX}`]: script(`[${names}]`) });
    expect(faultOf(await reader.capture(at(url), [], never))).toEqual({ type: 'too_many_files' });
  });

  test('names that lead out of the page are not asked for, and no file is made for them', async () => {
    const bad = [
      '../../../etc/passwd.js',
      '//evil.example/x.js',
      'http://evil.example/x.js',
      '/..%2f..%2fx.js',
      './a/%2e%2e/%2e%2e/%2e%2e/y.js',
    ];
    const { url, asked } = await worker({
      [`/${INDEX}`]: script(bad.map((name) => `import ${JSON.stringify(name)};`).join('\n')),
      '/extensions': json([
        '/extensions/../../x.js',
        '/etc/passwd',
        '/api/free?unload.js',
        7,
        '/extensions/%2e%2e/y.js',
      ]),
    });
    expect(faultOf(await reader.capture(at(url), [], never))).toBeNull();
    expect(asked.filter((address) => /passwd|evil|\.\.|%2e|%2f|free/i.test(address))).toEqual([]);
    expect((await readdir(join(dir, 'front-ends', 'files'))).filter((name) => !/^[0-9a-f]{64}$/.test(name))).toEqual(
      [],
    );
  });

  test('an extension that is missing is left out and named; the page goes on', async () => {
    const { url } = await worker({
      '/extensions': json(['/extensions/pack/here.js', '/extensions/pack/gone.js']),
      '/extensions/pack/here.js': script('import "./also-gone.js";const text = "/assets/gone-AbCd1234.js"'),
    });
    const { frontEnd } = captured(await reader.capture(at(url), [], never));
    expect(frontEnd.extensions).toEqual(['extensions/pack/here.js']);
    expect(frontEnd.leftOut).toEqual(['extensions/pack/gone.js']);
  });

  test('nobody there', async () => {
    expect(faultOf(await reader.capture(at('http://127.0.0.1:9'), [], never))).toMatchObject({ type: 'unreachable' });
  });
});
