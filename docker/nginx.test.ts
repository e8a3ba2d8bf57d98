import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { parse } from 'yaml';
import { z } from 'zod';
import { freePort } from '#src/server/integration/testing/free-port.ts';
import { picture } from '#src/server/integration/testing/graphs.ts';
import {
  OPERATOR,
  type ProductUnderTest,
  productUnderTest,
  type TestPerson,
} from '#src/server/integration/testing/product-under-test.ts';
import { until } from '#src/server/integration/testing/until.ts';
import { refusal, type Visitor, visitor } from '#src/server/integration/testing/visitor.ts';
import { installed } from './testing/installed.ts';
import { startNginx } from './testing/nginx.ts';
import { standIn } from './testing/stand-in.ts';

const nginx = installed('nginx');
if (nginx === null || installed('openssl') === null)
  process.stdout.write('nginx or openssl is not installed here: the proxy’s configuration is not tried.\n');

/** More than any limit of nginx's that was left at its default, or set for anything else. */
const LARGE = 65 * 1024 * 1024;
function wav(bytes: number): Uint8Array<ArrayBuffer> {
  const file = Buffer.alloc(44 + bytes);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(36 + bytes, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(2, 22);
  file.writeUInt32LE(48_000, 24);
  file.writeUInt32LE(192_000, 28);
  file.writeUInt16LE(4, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(bytes, 40);
  return new Uint8Array(file);
}

const seen = z.object({
  url: z.string(),
  method: z.string(),
  headers: z.record(z.string(), z.unknown()),
  bytes: z.number(),
});

const composeFile = z.object({
  services: z.record(
    z.string(),
    z.object({
      extends: z.object({ file: z.literal('front-end.yaml'), service: z.literal('front-end') }),
      volumes: z.tuple([z.string(), z.object({ source: z.string(), target: z.string(), read_only: z.literal(true) })]),
    }),
  ),
});

const ODD = "$HOME 'ü' #1";
const LONG = 'Wilhelmina '.repeat(5).trim();

describe.skipIf(nginx === null || installed('openssl') === null)('behind nginx', () => {
  let folder: string;
  let product: ProductUnderTest;
  let proxy: Awaited<ReturnType<typeof startNginx>>;
  let tabs: Awaited<ReturnType<typeof standIn>>;
  let ada: TestPerson;
  let ben: TestPerson;
  let tabServices: z.infer<typeof composeFile>['services'];
  let operator: Visitor;
  let metricsPort = 0;
  const through = (): Visitor => visitor(proxy.url);

  beforeAll(async () => {
    // The certificate is nobody's.
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    folder = await mkdtemp(join(tmpdir(), 'comfyume-nginx-'));
    const [http, https] = [await freePort(), await freePort()];
    metricsPort = await freePort();
    const publicUrl = `https://localhost:${https}`;
    [product, tabs] = await Promise.all([
      productUnderTest({ fleet: { replicas: 1 }, config: { publicUrl } }),
      standIn(),
    ]);

    const made = await product.operator.api.admin.participants.create.mutate({
      names: ['Ada Lovelace', 'Bén', 'Ben', ODD, LONG],
    });
    const { token } = await product.operator.api.session.createToken.mutate({ name: 'Front ends' });
    await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'front-ends.mjs'), '--into', folder], {
      env: { NODE_ENV: 'test', COMFYUME_URL: product.url, COMFYUME_TOKEN: token, OUTPUTS_DIR: product.folders.outputs },
    });
    tabServices = composeFile.parse(parse(await readFile(join(folder, 'compose.front-ends.yaml'), 'utf8'))).services;
    const upstreams = join(folder, 'front-ends', 'comfyui.upstreams');
    await writeFile(
      upstreams,
      (await readFile(upstreams, 'utf8')).replaceAll(/comfyui-[a-z0-9-]+:8188/g, tabs.address),
    );

    proxy = await startNginx(nginx ?? '', {
      folder: join(folder, 'nginx'),
      http,
      https,
      metrics: metricsPort,
      app: new URL(product.url).host,
      frontEnds: join(folder, 'front-ends'),
      grafana: tabs.address,
      hosts: { gallery: 'localhost', tabs: null },
    });
    operator = through();
    await operator.api.session.login.mutate(OPERATOR);
    const signedIn = async (name: string): Promise<TestPerson> => {
      const who = made.find((one) => one.name === name);
      if (!who) throw new Error(`no ${name}`);
      const browser = through();
      await browser.api.session.login.mutate({ name, password: who.passphrase });
      return { ...browser, ...who };
    };
    [ada, ben] = [await signedIn('Ada Lovelace'), await signedIn('Ben')];
  });

  afterAll(async () => {
    await proxy?.stop();
    await tabs?.stop();
    await product?.stop();
    await rm(folder, { recursive: true, force: true });
    vi.unstubAllEnvs();
  });

  test('plain http leads to https, and https says that it stays so', async () => {
    const plain = await fetch(`${proxy.plainUrl}/work?x=1`, { redirect: 'manual' });
    expect([plain.status, plain.headers.get('location')]).toEqual([301, 'https://127.0.0.1/work?x=1']);
    const answer = await fetch(`${proxy.url}/healthz`);
    expect([answer.status, answer.headers.get('strict-transport-security')]).toEqual([200, 'max-age=31536000']);
    expect(answer.headers.get('server')).toBe('nginx');
  });

  test('signing in gives a cookie that only https gets, and the app knows who asks from where', async () => {
    const wrong = await refusal(
      through().api.session.login.mutate({ name: 'Ada Lovelace', password: 'not the right one' }),
    );
    expect(wrong.status).toBe(401);
    const raw = await fetch(`${proxy.url}/api/trpc/session.login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: proxy.url },
      body: JSON.stringify({ name: ada.name, password: ada.passphrase }),
    });
    expect(raw.headers.get('set-cookie')).toMatch(/^__Host-comfyume_session=.*HttpOnly; Secure; SameSite=Lax/i);
    expect(await ada.api.session.me.query()).toMatchObject({ user: { name: 'Ada Lovelace' } });
  });

  test.runIf(process.platform === 'linux')(
    'who connects to nginx counts, whatever they say of themselves',
    async () => {
      const asking = request(`${proxy.url}/api/trpc/session.login`, {
        method: 'POST',
        localAddress: '127.0.0.9',
        headers: { 'content-type': 'application/json', origin: proxy.url, 'x-forwarded-for': '203.0.113.7, 127.0.0.1' },
      });
      product.log.splice(0);
      asking.end(JSON.stringify({ name: 'Ada Lovelace', password: 'not the right one' }));
      const [answer] = await once(asking, 'response');
      answer.resume();
      expect(answer.statusCode).toBe(401);
      const refused = product.log.filter(({ message }) => message === 'refused').map(({ facts }) => facts);
      expect(refused).toMatchObject([{ path: 'session.login', address: '127.0.0.9' }]);
    },
  );

  test('no other site’s page can change anything', async () => {
    const foreign = await ada.fetch('/api/trpc/session.logout', {
      method: 'POST',
      headers: { origin: 'https://elsewhere.example' },
    });
    expect([foreign.status, foreign.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    expect(await ada.api.session.me.query()).not.toBeNull();
  });

  test('a job runs, its end comes over the socket, and a part of its file can be had', async () => {
    const feed = ada.listen();
    await feed.ready;
    const { id } = await ada.api.jobs.submit.mutate({ prompt: picture({ width: 320, height: 200 }) });
    const received = await until('the result', () => feed.received.some(({ data }) => data.type === 'result.added'));
    expect(received).toBe(true);
    await feed.close();
    const result = (await ada.api.results.list.query({})).items.find(({ jobId }) => jobId === id);
    if (!result) throw new Error('no result');
    const part = await ada.fetch(result.url, { headers: { range: 'bytes=1-3', 'accept-encoding': 'gzip' } });
    expect([part.status, part.headers.get('content-range'), part.headers.get('content-encoding')]).toEqual([
      206,
      `bytes 1-3/${result.bytes}`,
      null,
    ]);
    expect(await part.text()).toBe('PNG');
    expect((await ben.fetch(result.url)).status).toBe(404);
    expect((await through().fetch(result.url)).status).toBe(401);
  });

  test('a large upload goes through', async () => {
    const form = new FormData();
    form.append('file', new Blob([wav(LARGE)]), 'long.wav');
    const answer = await ada.fetch('/api/inputs', { method: 'POST', body: form });
    expect([answer.status, await answer.json()]).toEqual([200, { name: 'long.wav' }]);
  });

  test('a large asset of a program goes through, and so does the stream of a job', async () => {
    const { token } = await ada.api.session.createToken.mutate({ name: 'program', scope: 'submit' });
    const program = visitor(proxy.url, { authorization: `Bearer ${token}` });
    const form = new FormData();
    form.append('file', new Blob([wav(LARGE)]), 'asset.wav');
    const asset = z
      .object({ id: z.string() })
      .parse(await (await program.fetch('/api/v2/assets', { method: 'POST', body: form })).json());
    const content = await program.fetch(`/api/v2/assets/${asset.id}/content`, { headers: { range: 'bytes=0-3' } });
    expect([content.status, await content.text()]).toEqual([206, 'RIFF']);
    const sent = await program.fetch('/api/v2/jobs', { method: 'POST', body: JSON.stringify({ workflow: picture() }) });
    const { id } = z.object({ id: z.string() }).parse(await sent.json());
    expect(await (await program.fetch(`/api/v2/jobs/${id}/events`)).text()).toContain('"succeeded"');
  });

  test('what is too large elsewhere is refused before it reaches the app', async () => {
    const answer = await ada.fetch('/api/trpc/jobs.submit', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': String(LARGE) },
      body: new Uint8Array(LARGE),
    });
    expect(answer.status).toBe(413);
    const login = await ada.fetch('/api/trpc/session.login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'x'.repeat(20_000), password: 'x' }),
    });
    expect(login.status).toBe(413);
    const form = await ada.fetch('/takehome', { method: 'POST', body: new Uint8Array(2 * 1024 * 1024) });
    expect(form.status).toBe(413);
  });

  test('figures are not for people', async () => {
    expect((await operator.fetch('/metrics')).status).toBe(404);
    const inside = `http://127.0.0.1:${metricsPort}`;
    expect((await fetch(`${inside}/metrics`, { headers: { host: 'address:8081' } })).status).toBe(200);
    expect((await fetch(`${inside}/api/trpc/session.info`)).status).toBe(404);
  });

  const reach = async (who: Visitor, path: string, init: RequestInit = {}) => {
    const answer = await who.fetch(path, init);
    return { answer, saw: answer.status === 200 ? seen.parse(await answer.json()) : null };
  };

  test('their own ComfyUI, as they asked, and without what tells who they are', async () => {
    const { saw } = await reach(ada, '/comfy/ada-lovelace/api/userdata/workflows%2Fa%20b.json?overwrite=true');
    expect(saw?.url).toBe('/api/userdata/workflows%2Fa%20b.json?overwrite=true');
    expect(saw?.headers).not.toHaveProperty('cookie');
    expect((await reach(ada, '/comfy/ada-lovelace/')).saw?.url).toBe('/');
    const sent = await reach(ada, '/comfy/ada-lovelace/upload/image', { method: 'POST', body: new Uint8Array(LARGE) });
    expect(sent.saw?.bytes).toBe(LARGE);
  });

  test('nobody else’s: for another participant, the operator and strangers', async () => {
    for (const path of ['/comfy/ada-lovelace/', '/comfy/ada-lovelace/view?filename=x.png', '/comfy/nobody/'])
      expect((await ben.fetch(path)).status).toBe(404);
    expect((await operator.fetch('/comfy/ada-lovelace/')).status).toBe(404);
    const traversal = await ben.fetch('/comfy/ben/..%2fada-lovelace/');
    expect(traversal.status).toBe(404);
    expect((await through().fetch('/comfy/ada-lovelace/queue')).status).toBe(401);
    const page = await through().fetch('/comfy/ada-lovelace/', { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('location')]).toEqual([302, '/login?next=/comfy/ada-lovelace/']);
  });

  test('one service for each of them, with their own results to read', async () => {
    expect(Object.keys(tabServices)).toHaveLength(5);
    // Each is a host's name, one word of which has 63 letters at most.
    for (const name of Object.keys(tabServices)) expect(name).toMatch(/^comfyui-[a-z0-9-]{1,55}$/);
    const theirs = tabServices['comfyui-ada-lovelace'];
    // By the id: whoever has the same name, or one like it, later does not find these things.
    expect(theirs?.volumes[0]).toMatch(/^comfyui-[0-9a-f-]{36}:\/data$/);
    expect(tabServices['comfyui-home-u-1']?.volumes[1].source).toMatch(/\}\/\$\$HOME 'ü' #1$/);
    expect(theirs?.volumes[1].source).toMatch(/^\$\{OUTPUTS_DIR:\?.*\}\/Ada Lovelace$/);
    expect((await stat(join(product.folders.outputs, 'Ada Lovelace'))).isDirectory()).toBe(true);
  });

  test('/comfy/ leads to one’s own, with what was asked', async () => {
    const theirs = await ada.fetch('/comfy/?comfyume-result=1&x=2');
    expect([theirs.status, theirs.headers.get('location')]).toEqual([
      302,
      '/comfy/ada-lovelace/?comfyume-result=1&x=2',
    ]);
    // Bén and Ben would have the same address: each gets letters of its own, and each only their own.
    const his = await ben.fetch('/comfy/');
    const path = his.headers.get('location') ?? '';
    expect(path).toMatch(/^\/comfy\/ben-[0-9a-f]{6}\/$/);
    expect((await ben.fetch(path)).status).toBe(200);
    expect((await ada.fetch(path)).status).toBe(404);
    expect((await operator.fetch('/comfy/')).status).toBe(404);
    expect((await through().fetch('/comfy/', { headers: { accept: 'text/html' } })).status).toBe(302);
  });

  test('ComfyUI’s own socket, for its user only', async () => {
    const address = `${proxy.url.replace('https', 'wss')}/comfy/ada-lovelace/ws?clientId=1`;
    const open = (who: Visitor) =>
      new WebSocket(address, { headers: { cookie: who.cookie() }, rejectUnauthorized: false });
    const theirs = open(ada);
    const [said] = await once(theirs, 'message');
    expect(String(said)).toBe('at /ws?clientId=1');
    theirs.terminate();
    const his = open(ben);
    const [refused] = await once(his, 'error');
    expect(String(refused)).toContain('404');
  });

  test('whoever is disabled is out of ComfyUI too', async () => {
    await product.operator.api.admin.participants.setEnabled.mutate({ id: ben.id, enabled: false });
    // Who somebody is, is asked anew each second.
    await until('nobody is let in', async () => (await ben.fetch('/comfy/')).status === 401);
  });

  test('while the product is down the editor goes on for whoever was in it, and others are told what is going on', async () => {
    const page = { headers: { accept: 'text/html' } };
    expect((await ada.fetch('/comfy/ada-lovelace/')).status).toBe(200);
    await product.pause();
    try {
      const settings = await ada.fetch('/comfy/ada-lovelace/api/userdata/workflows%2Fa.json', {
        method: 'POST',
        body: '{}',
      });
      expect([settings.status, (await ada.fetch('/comfy/ada-lovelace/', page)).status]).toEqual([200, 200]);
      const home = await ada.fetch('/comfy/', page);
      expect([home.status, home.headers.get('location')]).toEqual([302, '/comfy/ada-lovelace/']);
      expect((await ada.fetch('/comfy/nobody/')).status).toBe(404);
      const unseen = { cookie: 'comfyume_session=never-seen' };
      for (const [path, headers] of [
        ['/', { cookie: ada.cookie() }],
        ['/login', {}],
        ['/comfy/ada-lovelace/', unseen],
      ] as const) {
        const told = await fetch(proxy.url + path, { headers: { ...page.headers, ...headers } });
        expect([told.status, told.headers.get('retry-after'), told.headers.get('content-type')]).toEqual([
          503,
          '5',
          'text/html; charset=utf-8',
        ]);
        expect(await told.text()).toContain('Submitted jobs continue, and nothing is lost.');
      }
      const asked = await fetch(`${proxy.url}/comfy/ada-lovelace/queue`, { headers: unseen });
      expect([asked.status, await asked.json()]).toEqual([503, { error: expect.stringContaining('does not respond') }]);
    } finally {
      await product.resume();
    }
    expect((await through().fetch('/comfy/ada-lovelace/queue')).status).toBe(401);
  });

  test('a ComfyUI that is not up yet says so', async () => {
    const { address } = tabs;
    await tabs.stop();
    try {
      const told = await ada.fetch('/comfy/ada-lovelace/', { headers: { accept: 'text/html' } });
      expect([told.status, await told.text()]).toEqual([503, expect.stringContaining('Your ComfyUI is starting')]);
      expect(await (await ada.fetch('/comfy/ada-lovelace/api/queue')).json()).toEqual({
        error: expect.stringContaining('does not respond yet'),
      });
    } finally {
      tabs = await standIn(Number(address.split(':')[1]));
    }
  });

  test('monitoring is for operators', async () => {
    expect((await ada.fetch('/monitoring/grafana/')).status).toBe(404);
    expect((await through().fetch('/monitoring/grafana/')).status).toBe(401);
    expect((await operator.fetch('/monitoring/nothing/')).status).toBe(404);
    const grafana = await reach(operator, '/monitoring/grafana/d/class?orgId=1');
    expect(grafana.saw?.url).toBe('/monitoring/grafana/d/class?orgId=1');
    const bare = await operator.fetch('/monitoring/grafana?orgId=1');
    expect(bare.headers.get('location')).toBe('/monitoring/grafana/?orgId=1');
    const portainer = await reach(operator, '/monitoring/portainer/api/system/status?x=%2F');
    expect(portainer.saw?.url).toBe('/api/system/status?x=%2F');
    const own = operator.cookie();
    const device = 'comfyume_device=a.b';
    for (const [sent, passed] of [
      [own, undefined],
      [`grafana_session=1; ${own}; portainer=2`, 'grafana_session=1; portainer=2'],
      [`${own}; __Host-${device}; grafana_session=1`, 'grafana_session=1'],
      [`grafana_session=1; ${device}; comfyume_session=old; __Host-${device}; ${own}`, 'grafana_session=1;'],
    ] as const) {
      const tool = await reach(operator, '/monitoring/grafana/', { headers: { cookie: sent } });
      expect(String(tool.saw?.headers.cookie ?? '').trim()).toBe(passed ?? '');
    }
  });

  test('who impersonates a participant does not come into their ComfyUI: what runs there could use the operator’s session', async () => {
    const teacher = through();
    await teacher.api.session.login.mutate(OPERATOR);
    await teacher.api.admin.participants.lookAs.mutate({ id: ada.id });
    expect((await teacher.api.session.me.query())?.user.name).toBe('Ada Lovelace');
    for (const path of ['/comfy/ada-lovelace/', '/comfy/', '/monitoring/grafana/'])
      expect([path, (await teacher.fetch(path)).status]).toEqual([path, 404]);
  });

  test('one machine that signs in without end is slowed, and others are not cut off', async () => {
    const tries = await Promise.all(
      Array.from({ length: 120 }, () =>
        through().fetch('/api/trpc/session.login', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ name: 'nobody at all', password: 'wrong' }),
        }),
      ),
    );
    expect(tries.filter(({ status }) => status === 429).length).toBeGreaterThan(30);
    expect((await ada.fetch('/api/auth/verify')).status).toBe(200);
  });

  test('the log has who asked by id, and no query', async () => {
    const line = await until('the log', () =>
      proxy
        .accessLog()
        .split('\n')
        .find((one) => one.includes('/comfy/ada-lovelace/api/userdata')),
    );
    expect(JSON.parse(line)).toMatchObject({ user: ada.id, method: 'GET', status: 200 });
    expect(proxy.accessLog()).not.toContain('clientId');
  });
});
