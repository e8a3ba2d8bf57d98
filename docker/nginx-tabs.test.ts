import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { freePort } from '#src/server/integration/testing/free-port.ts';
import { picture } from '#src/server/integration/testing/graphs.ts';
import {
  OPERATOR,
  type ProductUnderTest,
  productUnderTest,
} from '#src/server/integration/testing/product-under-test.ts';
import { pathOf } from '#src/server/integration/testing/tab-of.ts';
import { until } from '#src/server/integration/testing/until.ts';
import { type Visitor, visitor } from '#src/server/integration/testing/visitor.ts';
import { installed } from './testing/installed.ts';
import { startNginx } from './testing/nginx.ts';
import { standIn } from './testing/stand-in.ts';

const nginx = installed('nginx');
const PAGE = { headers: { accept: 'text/html' } };

describe.skipIf(nginx === null || installed('openssl') === null)(
  'behind nginx, with ComfyUI tabs at a host of their own',
  { timeout: 30_000 },
  () => {
    let folder: string;
    let product: ProductUnderTest;
    let proxy: Awaited<ReturnType<typeof startNginx>>;
    let comfyui: Awaited<ReturnType<typeof standIn>>;
    let tabsUrl: string;
    let anna: Visitor;
    let tab: Visitor;

    const enter = async (gallery: Visitor, path = '/comfy/'): Promise<Visitor> => {
      const browser = visitor(tabsUrl);
      const unknown = await browser.fetch(path, PAGE);
      const begun = await browser.fetch(unknown.headers.get('location') ?? '');
      const known = await gallery.fetch(pathOf(begun.headers.get('location')));
      const entered = await browser.fetch(pathOf(known.headers.get('location')));
      expect(entered.headers.get('location')).toBe(path);
      return browser;
    };

    beforeAll(async () => {
      // The certificate is nobody's.
      vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
      folder = await mkdtemp(join(tmpdir(), 'comfyume-nginx-tabs-'));
      const [http, https, metrics] = [await freePort(), await freePort(), await freePort()];
      // Two names that every machine has.
      tabsUrl = `https://localhost:${https}`;
      [product, comfyui] = await Promise.all([
        productUnderTest({
          fleet: { replicas: 1 },
          config: { publicUrl: `https://127.0.0.1:${https}`, comfyuiOrigin: tabsUrl, comfyuiUrl: '/comfy/' },
        }),
        standIn(),
      ]);
      const [made] = await product.operator.api.admin.participants.create.mutate({ names: ['Anna'] });
      const { token } = await product.operator.api.session.createToken.mutate({ name: 'Front ends' });
      await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'front-ends.mjs'), '--into', folder], {
        env: { NODE_ENV: 'test', COMFYUME_URL: product.url, COMFYUME_TOKEN: token },
      });
      const upstreams = join(folder, 'front-ends', 'comfyui.upstreams');
      const written = await readFile(upstreams, 'utf8');
      await writeFile(upstreams, written.replaceAll(/comfyui-[a-z0-9-]+:8188/g, comfyui.address));
      proxy = await startNginx(nginx ?? '', {
        folder: join(folder, 'nginx'),
        http,
        https,
        metrics,
        app: new URL(product.url).host,
        frontEnds: join(folder, 'front-ends'),
        grafana: comfyui.address,
        hosts: { gallery: '127.0.0.1', tabs: 'localhost' },
      });
      anna = visitor(proxy.url);
      await anna.api.session.login.mutate({ name: 'Anna', password: made?.passphrase ?? '' });
      tab = await enter(anna, '/comfy/?comfyume-result=1&x=2');
    });

    afterAll(async () => {
      await proxy?.stop();
      await comfyui?.stop();
      await product?.stop();
      await rm(folder, { recursive: true, force: true });
      vi.unstubAllEnvs();
    });

    test('whoever comes to a tab is led in, and is in their own ComfyUI, which learns nothing of who they are', async () => {
      // No session of the gallery.
      expect(tab.cookie()).toMatch(/^__Host-comfyume_tab=[^;]+$/);
      const home = await tab.fetch('/comfy/?x=2');
      expect([home.status, home.headers.get('location')]).toEqual([302, '/comfy/anna/?x=2']);
      const answer = await tab.fetch('/comfy/anna/api/userdata/workflows%2Fa.json?y=1');
      const saw: unknown = await answer.json();
      expect([answer.status, saw]).toEqual([
        200,
        expect.objectContaining({ url: '/api/userdata/workflows%2Fa.json?y=1' }),
      ]);
      expect(JSON.stringify(saw)).not.toMatch(/cookie|comfyume_/i);
    });

    test('the way in begins at the page that was asked for; what is no page is refused', async () => {
      const stranger = visitor(tabsUrl);
      const page = await stranger.fetch('/comfy/anna/?x=1&y=2', PAGE);
      expect([page.status, page.headers.get('location')]).toEqual([302, '/open/comfy/anna/?x=1&y=2']);
      expect((await stranger.fetch('/comfy/anna/queue')).status).toBe(401);
    });

    test('the extension’s calls, socket and files are at the tabs’ origin', async () => {
      const feed = tab.listen();
      await feed.ready;
      const { id } = await tab.api.jobs.submit.mutate({ prompt: picture() });
      await until('the result', () => feed.received.some(({ data }) => data.type === 'result.added'));
      await feed.close();
      const [result] = (await tab.api.jobs.get.query({ id })).results;
      expect((await tab.fetch(result?.url ?? '')).status).toBe(200);
    });

    test('there are no tabs at the gallery: what leads there leads on', async () => {
      for (const path of ['/comfy', '/comfy/', '/comfy/anna/view?filename=a&b=%2F']) {
        const answer = await anna.fetch(path);
        expect([answer.status, answer.headers.get('location')]).toEqual([302, `${tabsUrl}${path}`]);
      }
      const socket = new WebSocket(`${proxy.url.replace('https', 'wss')}/comfy/anna/ws`, {
        headers: { cookie: anna.cookie() },
        rejectUnauthorized: false,
      });
      const [refused] = await once(socket, 'error');
      expect(String(refused)).toContain('302');
    });

    test('there is nothing of the gallery, Admin or monitoring at the tabs, whoever asks', async () => {
      const operator = visitor(proxy.url);
      await operator.api.session.login.mutate(OPERATOR);
      const { token } = await operator.api.session.createToken.mutate({ name: 'x' });
      for (const who of [
        tab,
        visitor(tabsUrl, { cookie: operator.cookie() }),
        visitor(tabsUrl, { authorization: `Bearer ${token}` }),
      ])
        for (const path of [
          '/admin',
          '/work',
          '/join',
          '/takehome',
          '/strays/a/b',
          '/monitoring/grafana/',
          '/monitoring/grafana',
          '/metrics',
          '/_next/a.js',
          '/enter-comfyui',
          '/_down',
        ]) {
          // The way in, where nobody is known; else nothing.
          const answer = await who.fetch(path, PAGE);
          const isLedIn = answer.status === 302 && answer.headers.get('location') === '/login';
          expect([path, isLedIn ? 404 : answer.status]).toEqual([path, 404]);
        }
      expect((await operator.fetch('/monitoring/grafana/')).status).toBe(200);
      expect((await anna.fetch('/monitoring/grafana/')).status).toBe(404);
    });

    test('ComfyUI’s own API is there, for programs too, whose token is in no log', async () => {
      expect((await tab.fetch('/api/users')).status).toBe(200);
      expect((await visitor(tabsUrl).fetch('/api/users')).status).toBe(401);
      const { token } = await anna.api.session.createToken.mutate({ name: 'script', scope: 'submit' });
      const script = visitor(tabsUrl);
      expect((await script.fetch(`/t/${token}/api/users`)).status).toBe(200);
      expect((await script.fetch(`/t//${token}/users?token=${token}`)).status).toBe(200);
      const form = new FormData();
      form.append('image', new Blob([new Uint8Array(3_000_000)]), 'none.png');
      const upload = await tab.fetch('/api/upload/image', { method: 'POST', body: form });
      expect([upload.status, (await upload.json()).error.type]).toEqual([400, 'invalid_input']);
      await until('the log', () => proxy.accessLog().includes('"/t/-/users"'));
      expect(proxy.accessLog()).toContain('"/t/-/api/users"');
      expect(proxy.accessLog()).not.toContain(token);
    });

    test('what ComfyUI’s page sends and hears goes through: a large workflow, the socket, the picture', async () => {
      const socket = new WebSocket(`${tabsUrl.replace('https', 'wss')}/ws?clientId=page`, {
        headers: { cookie: tab.cookie(), origin: tabsUrl },
        rejectUnauthorized: false,
      });
      const heard: string[] = [];
      socket.on('message', (data: Buffer) => heard.push(data.toString()));
      await once(socket, 'open');
      const sent = await tab.fetch('/api/prompt', {
        method: 'POST',
        headers: { origin: tabsUrl, 'content-type': 'application/json' },
        body: JSON.stringify({
          prompt: picture(),
          client_id: 'page',
          extra_data: { extra_pnginfo: { workflow: { note: 'x'.repeat(2_000_000) } } },
        }),
      });
      expect(sent.status).toBe(200);
      const { prompt_id: id } = z.object({ prompt_id: z.string() }).parse(await sent.json());
      await until('its end', () => heard.some((text) => text.includes('execution_success') && text.includes(id)));
      socket.close();
      const history = z
        .record(
          z.string(),
          z.object({ outputs: z.record(z.string(), z.object({ images: z.array(z.record(z.string(), z.string())) })) }),
        )
        .parse(await (await tab.fetch(`/api/history/${id}`)).json());
      const [image] = Object.values(history[id]?.outputs ?? {})[0]?.images ?? [];
      const shown = await tab.fetch(`/api/view?${new URLSearchParams(image)}`);
      expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/png']);
    });

    test('what nginx knows of a cookie at one host does not count at the other', async () => {
      // The same words at both, within the second for which an answer counts.
      const cookie = anna.cookie();
      const gallery = await visitor(proxy.url, { cookie }).fetch('/monitoring/grafana/');
      const there = await visitor(tabsUrl, { cookie }).fetch('/comfy/anna/');
      expect([gallery.status, there.status]).toEqual([404, 401]);
    });

    test('while the product is down the editor goes on', async () => {
      expect((await tab.fetch('/comfy/anna/')).status).toBe(200);
      await product.pause();
      try {
        expect((await tab.fetch('/comfy/anna/')).status).toBe(200);
        const page = await tab.fetch('/open/comfy/', PAGE);
        expect([page.status, await page.text()]).toEqual([503, expect.stringContaining('Back in a moment')]);
      } finally {
        await product.resume();
      }
    });

    test('signing out of the gallery ends the tab too', async () => {
      await anna.api.session.logout.mutate();
      // Who somebody is, is asked anew each second.
      await until('nobody is let in', async () => (await tab.fetch('/comfy/anna/')).status === 401);
    });

    test('nginx has nothing to complain of', () => {
      expect(proxy.complaints()).not.toMatch(/\[(warn|emerg)\].*(conflicting|duplicate|invalid)/);
    });
  },
);
