import { once } from 'node:events';
import { rename } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type ProductUnderTest, productUnderTest } from '../testing/product-under-test.ts';
import { until } from '../testing/until.ts';

describe('health', () => {
  let product: ProductUnderTest;
  beforeAll(async () => {
    product = await productUnderTest();
  });
  afterAll(() => product.stop());

  const ask = async (path: string) => {
    const response = await product.visitor().fetch(path);
    return { status: response.status, body: await response.json() };
  };
  const warnings = () => product.log.filter(({ level, facts }) => level !== 'info' && 'doThis' in facts);

  test('ready while all is well', async () => {
    expect(await ask('/readyz')).toEqual({ status: 200, body: { ok: true, faults: [] } });
    expect(await ask('/healthz')).toEqual({ status: 200, body: { ok: true } });
  });

  test('not ready without the share, alive all the same, and ready again once it is back', async () => {
    const { sfs } = product.folders;
    await rename(sfs, `${sfs}-away`);
    expect(await ask('/readyz')).toEqual({
      status: 503,
      body: { ok: false, faults: [`The shared file system cannot be read at ${join(sfs, 'outputs')}. (ENOENT)`] },
    });
    expect((await ask('/healthz')).status).toBe(200);
    await rename(`${sfs}-away`, sfs);
    expect((await ask('/readyz')).status).toBe(200);
  });

  /** As a browser asks that was led here by somebody else's name. */
  const askAs = (host: string, path: string) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const { hostname, port } = new URL(product.url);
      get({ hostname, port, path, headers: { host } }, async (response) => {
        resolve({ status: response.statusCode ?? 0, text: await text(response) });
      }).on('error', reject);
    });

  test('strangers and foreign names learn only ready or not; operators and programs here what is wrong', async () => {
    const { sfs } = product.folders;
    await rename(sfs, `${sfs}-away`);
    const [anna] = await product.participants(['Anna']);
    const from = { 'x-forwarded-for': '10.1.1.1' };
    const said = async (response: Promise<Response>) => Object.keys(await (await response).json());
    expect(await said(product.visitor(from).fetch('/readyz'))).toEqual(['ok']);
    expect(await said(anna!.fetch('/readyz', { headers: from }))).toEqual(['ok']);
    expect(await said(product.operator.fetch('/readyz', { headers: from }))).toEqual(['ok', 'faults']);
    expect(await askAs('evil.test', '/readyz')).toEqual({ status: 503, text: '{"ok":false}' });
    await rename(`${sfs}-away`, sfs);
  });

  test('by a name that is not ours nothing is answered, pages, files and figures least of all', async () => {
    for (const path of [
      '/',
      '/login',
      '/api/trpc/session.info',
      '/api/auth/verify',
      '/files/a/b',
      '/takehome',
      '/strays/a',
    ]) {
      const told = await askAs('evil.test:3000', path);
      expect([path, told.status]).toEqual([path, 421]);
      expect(told.text).toContain('comfyume is not served as “evil.test:3000”. Set PUBLIC_URL');
    }
    expect((await askAs('evil.test', '/metrics')).status).toBe(404);
    expect((await askAs('localhost', '/metrics')).status).toBe(200);
    expect((await askAs('evil.test', '/healthz')).status).toBe(200);
    const socket = new WebSocket(`${product.url.replace('http', 'ws')}/api/trpc`, {
      headers: { host: 'evil.test', cookie: product.operator.cookie() },
    });
    const [, refused] = await once(socket, 'unexpected-response');
    expect(refused.statusCode).toBe(421);
  });

  test('every answer says what it may show, that its kind is meant, and that others learn no addresses', async () => {
    for (const path of [
      '/healthz',
      '/api/trpc/session.info',
      '/api/nothing',
      '/login',
      '/files/a/b',
      '/takehome',
      '/metrics',
    ]) {
      const { headers } = await product.visitor().fetch(path);
      expect([path, headers.get('x-content-type-options')]).toEqual([path, 'nosniff']);
      expect([path, headers.get('referrer-policy')]).toEqual([path, 'same-origin']);
      expect(headers.get('content-security-policy'), path).toMatch(/base-uri 'none'.*frame-ancestors 'none'/);
    }
    const [page, again] = await Promise.all(['/login', '/login'].map((path) => product.visitor().fetch(path)));
    const nonceOf = (response?: Response) =>
      /script-src 'self' 'nonce-([\w+/=]{24})';/.exec(response?.headers.get('content-security-policy') ?? '')?.[1];
    expect(nonceOf(page)).toBeDefined();
    expect(nonceOf(page)).not.toBe(nonceOf(again));
    expect(page?.headers.get('content-security-policy')).not.toMatch(/unsafe-inline.*script|script-src[^;]*unsafe/);
  });

  test('what is wrong at a start is logged, and does not stop it', async () => {
    await product.pause();
    const { sfs } = product.folders;
    await rename(join(sfs, 'inputs'), join(sfs, 'inputs-away'));
    const [endpoint] = product.config.endpoints;
    if (!endpoint) throw new Error('There should be an endpoint.');
    const before = warnings().length;
    await product.resume({ endpoints: [{ ...endpoint, url: 'http://127.0.0.1:9' }], comfyuiPort: 0 });
    expect((await ask('/readyz')).status).toBe(200);
    const found = await until('both findings', () => warnings().length >= before + 2 && warnings().slice(before));
    expect(found.map(({ level, message }) => [level, message])).toEqual([
      ['warn', `The folder ${join(sfs, 'inputs')} does not exist, so nobody can upload inputs.`],
      ['error', 'No connection to 127.0.0.1:9 (ECONNREFUSED).'],
    ]);
  });
});
