import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type ProductUnderTest, productUnderTest } from './testing/product-under-test.ts';

const FRIEND = 'http://comfy.test:8188';

describe('what the ComfyUI extension stands on', { timeout: 30_000 }, () => {
  let product: ProductUnderTest;
  beforeAll(async () => {
    product = await productUnderTest({
      fleet: null,
      config: { allowedOrigins: [FRIEND], comfyuiUrl: '/comfy/{user}/' },
    });
    const dir = join(product.folders.root, 'extension');
    await mkdir(dir);
    await writeFile(join(dir, 'comfyume.js'), 'export {};');
  }, 30_000);
  afterAll(() => product.stop());

  test('anybody may read the file, from the sites that are named too; unchanged it is not sent again', async () => {
    const nobody = product.visitor();
    const response = await nobody.fetch('/extension/comfyume.js', { headers: { origin: FRIEND } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^(text|application)\/javascript/);
    expect(response.headers.get('access-control-allow-origin')).toBe(FRIEND);
    const etag = response.headers.get('etag') ?? '';
    expect(
      (
        await nobody.fetch('/extension/comfyume.js', {
          headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' },
        })
      ).status,
    ).toBe(304);
    const stranger = await nobody.fetch('/extension/comfyume.js', { headers: { origin: 'http://elsewhere.test' } });
    expect(stranger.headers.get('access-control-allow-origin')).toBeNull();
  });

  test.each([
    ['GET', '/extension/', 404],
    ['GET', '/extension/comfyume.js.map', 404],
    ['GET', '/extension/..%2f..%2fetc%2fpasswd', 404],
    ['POST', '/extension/comfyume.js', 405],
  ])('%s %s is answered with %i', async (method, path, status) =>
    expect((await product.visitor().fetch(path, { method })).status).toBe(status),
  );

  test('files may be asked for with a token from a site that is named', async () => {
    const response = await product.visitor().fetch('/files/x/y.png', {
      method: 'OPTIONS',
      headers: { origin: FRIEND, 'access-control-request-headers': 'authorization' },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-headers')).toContain('authorization');
  });

  test('a browser signs in its socket by a token among the protocols, which is never repeated', async () => {
    const person = await product.participant('Ada');
    const { token } = await person.api.session.createToken.mutate({ name: 'ComfyUI' });
    const open = (protocols: string[]) =>
      new Promise<string | number>((resolve, reject) => {
        const socket = new WebSocket(`${product.url.replace('http', 'ws')}/api/trpc`, protocols);
        socket.on('open', () => {
          resolve(socket.protocol);
          socket.terminate();
        });
        socket.on('unexpected-response', (request, response) => {
          request.destroy();
          resolve(response.statusCode ?? 0);
        });
        socket.on('error', reject);
      });
    expect(await open(['comfyume', `comfyume.token.${token}`])).toBe('comfyume');
    expect(await open(['comfyume', 'comfyume.token.nonsense'])).toBe(401);
    expect(await open(['comfyume'])).toBe(401);
  });

  test('where ComfyUI is, is told', async () =>
    expect((await product.visitor().api.session.info.query()).comfyuiUrl).toBe('/comfy/{user}/'));
});
