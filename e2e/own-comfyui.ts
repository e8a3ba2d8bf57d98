import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { comfyPage, pageWith, type Workflow } from './comfyui-page.ts';
import { root } from './product.ts';

const COMFY = '/comfy/ada';

/** ComfyUI beside the product under one host, as nginx does it. `graph` is the one that the editor has open after loading. */
export async function layComfy(
  page: Page,
  productUrl: string,
  { graph, inputs = {} }: { graph: Workflow; inputs?: Record<string, Buffer> },
) {
  const script = await readFile(join(root, 'docker/comfyui/custom_nodes/comfyume/web/comfyume.js'));
  const product = new URL(productUrl);
  const asked: string[] = [];
  const html = pageWith(graph, false);

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', productUrl);
    const path = pathname.slice(COMFY.length);
    const give = (type: string, body: string | Buffer): void => {
      response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(body), etag: '"1"' });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    const isInput = path === '/api/view' && searchParams.get('type') === 'input';
    const file = isInput ? inputs[searchParams.get('filename') ?? ''] : undefined;
    if (path === '/') give('text/html', html);
    else if (path.startsWith('/extensions/')) give('text/javascript', script);
    else if (file) give('image/png', file);
    else {
      asked.push(`${request.method} ${path}`);
      response.writeHead(404).end();
    }
  }
  const front = createServer((request, response) => {
    if (request.url?.startsWith(COMFY)) {
      answer(request, response);
      return;
    }
    const { method, url, headers } = request;
    const passed = ask({ host: product.hostname, port: product.port, method, path: url, headers }, (said) => {
      response.writeHead(said.statusCode ?? 502, said.headers);
      said.pipe(response);
    });
    passed.on('error', () => response.headersSent || response.writeHead(502).end('Bad gateway'));
    request.pipe(passed);
  });
  front.on('upgrade', (request, near: Socket, head) => {
    const far = connect(Number(product.port), product.hostname, () => {
      const lines = request.rawHeaders.flatMap((text, at) =>
        at % 2 === 0 ? [`${text}: ${request.rawHeaders[at + 1]}`] : [],
      );
      far.write(`GET ${request.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      far.write(head);
      near.pipe(far).pipe(near);
    });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const)
      socket.on('error', () => other.destroy()).on('close', () => other.destroy());
  });
  front.listen(0, 'localhost');
  await once(front, 'listening');
  const address = front.address();
  if (address === null || typeof address === 'string') throw new Error('The front has no port.');
  page.once('close', () => {
    front.close();
    front.closeAllConnections();
  });
  return {
    url: `http://localhost:${address.port}${COMFY}/`,
    ...comfyPage(page),
    /** What came to ComfyUI's own server. */
    asked,
  };
}
