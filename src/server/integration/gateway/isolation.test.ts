import { readdirSync, readFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { OBJECT_INFO, TOLD } from '#src/domain/node-catalogue/catalogue.testing.ts';
import type { Deps } from '#src/server/process/deps.ts';
import { picture } from '../testing/graphs.ts';
import { type ProductUnderTest, productUnderTest, type TestPerson } from '../testing/product-under-test.ts';
import { comfyuiOf } from '../testing/tab-of.ts';
import { until } from '../testing/until.ts';
import { type Visitor, visitor } from '../testing/visitor.ts';

const GATEWAY = fileURLToPath(new URL('../../../gateway/', import.meta.url));
const SECRET = 'only-adas';

/** All routes of the gateway, as its files name them. */
const ROUTES = [
  ...new Set(
    readdirSync(GATEWAY)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .flatMap(
        (name) =>
          readFileSync(`${GATEWAY}/${name}`, 'utf8').match(/(?<=')(GET|POST|PUT|PATCH|DELETE) \/[^']*(?=')/g) ?? [],
      ),
  ),
].sort();
const split = (route: string): [method: string, path: string] => {
  const [method = '', path = ''] = route.split(' ');
  return [method, path.replace(/[:*][a-z_]+/gi, 'x')];
};
const WRITES = ROUTES.filter((route) => !route.startsWith('GET '));

type Owned = { readonly jobId: string; readonly filename: string };
type Answered = 404 | 'nothing';
/** What Ben asks with Ada's names, and what he gets: `nothing` = an answer, without anything of theirs. */
type Asked = readonly [path: (owned: Owned) => string, answered: Answered, body?: (owned: Owned) => BodyInit];
/** The same for everybody, or about oneself without any name. */
const NO_NAMES = 'no names';

const file = `workflows%2F${SECRET}.json`;
const maskOf = (ref: object): FormData => {
  const form = new FormData();
  form.append('image', new Blob([new Uint8Array(3)]), 'mask.png');
  form.append('original_ref', JSON.stringify(ref));
  return form;
};

/** A row for each route. */
const TABLE: Readonly<Record<string, Asked | typeof NO_NAMES>> = {
  'GET /features': NO_NAMES,
  'GET /users': NO_NAMES,
  'POST /users': NO_NAMES,
  'GET /settings': [() => '/settings', 'nothing'],
  'GET /settings/:id': [() => `/settings/${SECRET}`, 'nothing'],
  'POST /settings': NO_NAMES,
  'POST /settings/:id': NO_NAMES,
  'GET /userdata': [() => '/userdata?dir=workflows&recurse=true', 404],
  'GET /v2/userdata': [() => '/v2/userdata', 'nothing'],
  'GET /userdata/:file': [() => `/userdata/${file}`, 404],
  'POST /userdata/:file': [() => `/userdata/${file}?overwrite=false`, 'nothing', () => '{}'],
  'DELETE /userdata/:file': [() => `/userdata/workflows%2Fother-${SECRET}.json`, 404],
  'POST /userdata/:file/move/:dest': [() => `/userdata/workflows%2Fother-${SECRET}.json/move/mine.json`, 404],
  'POST /upload/image': NO_NAMES,
  'POST /upload/mask': [() => '/upload/mask', 404, () => maskOf({ filename: `${SECRET}.png`, type: 'input' })],
  'GET /view': [({ filename }) => `/view?filename=${filename}&subfolder=${SECRET}&type=output`, 404],
  'GET /internal/files/:type': [() => '/internal/files/output', 'nothing'],
  'GET /internal/logs': NO_NAMES,
  'GET /internal/logs/raw': NO_NAMES,
  'PATCH /internal/logs/subscribe': NO_NAMES,
  'GET /internal/folder_paths': NO_NAMES,
  'GET /prompt': [() => '/prompt', 'nothing'],
  'POST /prompt': NO_NAMES,
  'GET /queue': [() => '/queue', 'nothing'],
  'POST /queue': [() => '/queue', 'nothing', ({ jobId }) => JSON.stringify({ delete: [jobId] })],
  'GET /history': [() => '/history', 'nothing'],
  'GET /history/:id': [({ jobId }) => `/history/${jobId}`, 'nothing'],
  'POST /history': [() => '/history', 'nothing', ({ jobId }) => JSON.stringify({ delete: [jobId] })],
  'GET /jobs': [() => '/jobs', 'nothing'],
  'GET /jobs/:id': [({ jobId }) => `/jobs/${jobId}`, 404],
  'POST /jobs/:id/cancel': [({ jobId }) => `/jobs/${jobId}/cancel`, 'nothing'],
  'POST /jobs/cancel': [() => '/jobs/cancel', 'nothing', ({ jobId }) => JSON.stringify({ job_ids: [jobId] })],
  'POST /interrupt': [() => '/interrupt', 'nothing', ({ jobId }) => JSON.stringify({ prompt_id: jobId })],
  'POST /free': NO_NAMES,
  'GET /object_info': [() => '/object_info', 'nothing'],
  'GET /object_info/:class': [() => '/object_info/LoadImage', 'nothing'],
  'GET /models': NO_NAMES,
  'GET /models/:folder': NO_NAMES,
  'GET /experiment/models': NO_NAMES,
  'GET /experiment/models/:folder': NO_NAMES,
  'GET /embeddings': NO_NAMES,
  'GET /view_metadata/:folder': NO_NAMES,
  'GET /': NO_NAMES,
  'GET /*path': NO_NAMES,
  'GET /extensions': NO_NAMES,
  'GET /system_stats': NO_NAMES,
  'GET /user.css': NO_NAMES,
  'GET /api/assets/*path': NO_NAMES,
  'POST /api/assets/*path': NO_NAMES,
  'PUT /api/assets/*path': NO_NAMES,
  'DELETE /api/assets/*path': NO_NAMES,
  'GET /api/tags': NO_NAMES,
};

let product: ProductUnderTest;
let ada: TestPerson;
let adas: Visitor;
let bens: Visitor;
let owned: Owned;
let readOnly: Visitor;
let adasToken = '';
let bensToken = '';

beforeAll(async () => {
  let deps: Deps | null = null;
  product = await productUnderTest({
    fleet: { replicas: 1 },
    config: { comfyuiPort: 0 },
    arrange: (made) => {
      deps = made;
      return made;
    },
  });
  const [first, ben] = await product.participants(['Ada', 'Ben']);
  ada = first!;
  adas = await comfyuiOf(product, ada);
  bens = await comfyuiOf(product, ben!);
  const { token } = await ada.api.session.createToken.mutate({ name: 'looks', scope: 'read' });
  readOnly = visitor(product.comfyuiUrl, { authorization: `Bearer ${token}` });
  adasToken = (await ada.api.session.createToken.mutate({ name: 'script', scope: 'submit' })).token;
  bensToken = (await ben!.api.session.createToken.mutate({ name: 'script', scope: 'submit' })).token;

  await adas.fetch(`/settings/${SECRET}`, { method: 'POST', body: JSON.stringify(SECRET) });
  for (const name of [file, `workflows%2Fother-${SECRET}.json`])
    await adas.fetch(`/userdata/${name}`, { method: 'POST', body: JSON.stringify({ is: SECRET }) });
  const form = new FormData();
  const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#123456' } })
    .png()
    .toBuffer();
  form.append('image', new Blob([new Uint8Array(bytes)]), `${SECRET}.png`);
  expect((await adas.fetch('/upload/image', { method: 'POST', body: form })).status).toBe(200);
  const { id } = await ada.api.jobs.submit.mutate({ prompt: picture({ prefix: `${SECRET}/shot` }) });
  const job = await until('the end of the job', async () => {
    const now = await ada.api.jobs.get.query({ id });
    return now.endedAt !== null && now;
  });
  owned = { jobId: id, filename: job.results[0]?.filename.split('/').at(-1) ?? '' };
  expect((await adas.fetch(`/view?filename=${owned.filename}&subfolder=${SECRET}`)).status).toBe(200);
  await keepNodes(deps);
  expect(await (await adas.fetch('/object_info/LoadImage')).text()).toContain(SECRET);
});
afterAll(() => product.stop());

/** The nodes, as a worker has told them. */
async function keepNodes(deps: Deps | null): Promise<void> {
  const [endpoint] = (await deps?.endpoints.list()) ?? [];
  if (!endpoint) throw new Error('There is no endpoint.');
  const facts = { versions: {}, capturedAt: 1, models: TOLD, replaced: [] };
  await deps?.nodeCatalogues.keep(endpoint.id, OBJECT_INFO, facts);
}

const ask = (who: Visitor, route: string, init: RequestInit = {}) => {
  const [method, path] = split(route);
  return who.fetch(path, { method, ...(method === 'GET' || method === 'DELETE' ? {} : { body: '{}' }), ...init });
};

test('each route has a row here', () => expect(ROUTES.filter((route) => !(route in TABLE))).toEqual([]));

describe('every route', () => {
  test.each(ROUTES)('%s needs to know who asks, whatever they call themselves', async (route) => {
    const strangers: Record<string, string>[] = [
      {},
      { 'comfy-user': ada.name },
      { authorization: 'Bearer cfy_wrong' },
      { 'x-api-key': 'x' },
    ];
    for (const headers of strangers) {
      const answer = await ask(visitor(product.comfyuiUrl, headers), route);
      expect(answer.status).toBe(401);
      expect((await answer.json()).error.type).toBe('not_signed_in');
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    }
    if (!route.startsWith('GET ')) return;
    const page = await ask(visitor(product.comfyuiUrl), route, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('location')]).toEqual([302, '/login']);
  });

  test.each(WRITES)('%s: not with a token that may only read', async (route) =>
    expect((await ask(readOnly, route)).status).toBe(403),
  );

  test.each(WRITES)('%s: not from a page of another site, nor from one that has none', async (route) => {
    for (const origin of ['null', product.url, 'http://evil.example', `${product.comfyuiUrl}.evil.example`])
      for (const who of [adas, visitor(product.comfyuiUrl, { authorization: `Bearer ${adasToken}` })])
        expect([origin, (await ask(who, route, { headers: { origin } })).status]).toEqual([origin, 403]);
  });
});

test.each(['/ws', '/api/ws', '/api/trpc'])('%s is no socket for a page of another site', async (path) => {
  for (const origin of ['null', product.url, 'http://evil.example'])
    for (const headers of [{ cookie: adas.cookie() }, { authorization: `Bearer ${adasToken}` }]) {
      const socket = new WebSocket(product.comfyuiUrl.replace(/^http/, 'ws') + path, { headers, origin });
      const outcome = await new Promise((resolve) => {
        socket.once('open', () => resolve('open'));
        socket.once('error', () => resolve('refused'));
      });
      socket.terminate();
      expect([origin, outcome]).toEqual([origin, 'refused']);
    }
});

describe('with another person’s names', () => {
  const rows = Object.entries(TABLE).flatMap(([route, row]) => (row === NO_NAMES ? [] : [[route, row] as const]));
  test.each(rows.filter(([route]) => ROUTES.includes(route)))('%s', async (route, [path, answered, body]) => {
    const [method] = split(route);
    const answer = await bens.fetch(path(owned), {
      method,
      headers: { 'comfy-user': ada.name },
      ...(body && { body: body(owned) }),
    });
    const text = await answer.text();
    // What was asked for may be repeated, as the names in a sentence.
    if (answered === 404) expect(answer.status).toBe(404);
    else {
      // No worker has told which nodes there are.
      if (!route.startsWith('GET /object_info') || answer.status !== 503) expect(answer.status).toBeLessThan(400);
      expect(text.replaceAll(`workflows/${SECRET}.json`, '')).not.toContain(SECRET);
    }
  });

  test('what is Ada’s is as it was', async () => {
    expect(await (await adas.fetch(`/userdata/${file}`)).json()).toEqual({ is: SECRET });
    expect(await (await adas.fetch(`/userdata/workflows%2Fother-${SECRET}.json`)).json()).toEqual({ is: SECRET });
    expect(await (await adas.fetch(`/settings/${SECRET}`)).json()).toBe(SECRET);
    expect(Object.keys(await (await adas.fetch(`/history/${owned.jobId}`)).json())).toEqual([owned.jobId]);
  });
});

describe('paths and aliases', () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  afterAll(() => agent.destroy());
  /** As it is written: `fetch` would tidy it. */
  const raw = (method: string, path: string, token: string | null): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(product.comfyuiUrl);
      const headers = { connection: 'keep-alive', ...(token !== null && { authorization: `Bearer ${token}` }) };
      const sent = httpRequest({ hostname, port, path, method, headers, agent }, (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('error', reject);
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString() }));
      });
      sent.on('error', reject);
      sent.end();
    });

  test.each([
    (path: string) => `/api${path}`,
    (path: string) => path,
    (path: string) => `/${path}`,
    (path: string) => `/.${path}`,
    (path: string) => `/api/.${path}`,
    (path: string) => `/x/..${path}`,
    (path: string) => `/%2e${path}`,
    (path: string) => `/x/%2e%2e/api${path}`,
    (path: string) => `/t/${adasToken}${path}`,
    (path: string) => `/t/${adasToken}/api${path}`,
    (path: string) => `/t//${adasToken}//api/${path}`,
    (path: string) => `${path}?token=${adasToken}`,
  ])('%s is the same to whom it belongs, and nothing to others', async (alias) => {
    const path = alias(`/settings/${SECRET}`);
    const hasToken = path.includes(adasToken);
    expect(await raw('GET', path, hasToken ? null : adasToken)).toEqual({ status: 200, text: JSON.stringify(SECRET) });
    if (!hasToken) {
      expect((await raw('GET', path, bensToken)).text).toBe('null');
      expect((await raw('GET', path, null)).status).toBe(401);
    }
  });

  test.each([
    `/SETTINGS/${SECRET}`,
    `/settings/${SECRET}/`,
    `/settings%2F${SECRET}`,
    `/api%2Fsettings/${SECRET}`,
    '/API/settings',
    `/apisettings`,
  ])('%s is nothing, even to Ada', async (path) => expect((await raw('GET', path, adasToken)).status).toBe(404));

  test('whatever Ben or a stranger asks, it is none of Ada’s, and none is a fault of ours', async () => {
    const part = fc.constantFrom(
      ...['api', 'settings', 'userdata', 'v2', 'view', 'internal', 'files', 'output', 'input', 'assets', 't', 'users'],
      ...[
        'workflows',
        SECRET,
        `${SECRET}.json`,
        file,
        'Ada',
        '..',
        '.',
        '',
        '%2e%2e',
        '%2E',
        '%2f',
        '%5c',
        '%00',
        '%',
        '%zz',
        '%C3%28',
      ],
      ...['~', '*', ':id', '[x]', 'é'.normalize('NFD'), 'x'.repeat(300)].map(encodeURI),
      'move',
    );
    const query = fc.constantFrom(
      ...[
        '',
        '?',
        '?token=',
        '?token=cfy_x',
        '?dir=..',
        '?dir=%2e%2e%2fAda',
        '?dir=workflows&recurse=true',
        '?path=/Ada',
        '?a=%',
      ],
      `?filename=${SECRET}.png&type=input`,
      `?filename=${SECRET}.png&type=input&channel=rgb`,
      `?filename=..%2FAda%2F${SECRET}%2Fshot_00001_.png`,
      `?filename=shot_00001_.png&subfolder=..%2FAda%2F${SECRET}&type=output`,
      `?filename=Ada%2F${SECRET}%2Fshot_00001_.png&type=temp&preview=webp`,
    );
    const method = fc.constantFrom('GET', 'GET', 'HEAD', 'POST', 'DELETE', 'PATCH', 'PUT', 'OPTIONS');
    const slashes = fc.constantFrom('/', '/', '//', '/./', '\\');
    const path = fc
      .array(fc.tuple(slashes, part), { minLength: 1, maxLength: 7 })
      .map((pieces) => pieces.map(([slash, piece], index) => (index === 0 ? '/' : slash) + piece).join(''));
    const token = fc.constantFrom('ben', 'nobody', 'in the path');
    await fc.assert(
      fc.asyncProperty(method, path, query, token, async (verb, where, what, who) => {
        const place = who === 'in the path' ? `/t/${bensToken}${where}` : where;
        const answer = await raw(verb, place + what, who === 'ben' ? bensToken : null);
        // What is turned off or not there yet says so.
        if (answer.status !== 503) expect(answer.status).toBeLessThan(500);
        if (answer.status >= 300) return;
        // What is Ada's; Ben may make something of the same name.
        for (const adasOwn of [
          `:"${SECRET}"`,
          `{"is":`,
          `${SECRET}.png [`,
          `${SECRET}/shot`,
          ...(where.includes('view') ? ['PNG'] : []),
        ])
          expect(answer.text).not.toContain(adasOwn);
      }),
      { numRuns: 400 },
    );
    expect(await (await adas.fetch(`/userdata/${file}`)).json()).toEqual({ is: SECRET });
  });

  test('no token stands in a log', () => {
    const logged = JSON.stringify(product.log);
    for (const token of [adasToken, bensToken]) expect(logged).not.toContain(token);
    expect(product.wentWrong()).toEqual([]);
  });
});
