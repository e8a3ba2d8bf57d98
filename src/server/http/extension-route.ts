import type { IncomingMessage, ServerResponse } from 'node:http';
import send from 'send';

const FILES = new Set(['comfyume.js', 'comfyume.js.map']);

/** `/extension/comfyume.js`: the ComfyUI extension as it was built. It holds nothing secret, so anybody may read it. */
export function createExtensionRoute(dir: string) {
  return (request: IncomingMessage, response: ServerResponse, pathname: string): void => {
    const say = (status: number, message: string): void => {
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
      response.end(`${message}\n`);
    };
    const name = pathname.slice('/extension/'.length);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      say(405, 'The extension is read-only.');
      return;
    }
    if (!FILES.has(name)) {
      say(404, 'File not found.');
      return;
    }
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('cache-control', 'no-cache');
    if (name.endsWith('.map')) response.setHeader('content-type', 'application/json; charset=utf-8');
    response.setHeader('cross-origin-resource-policy', 'cross-origin');
    send(request, name, { root: dir, index: false, cacheControl: false })
      .on('error', () => say(404, 'The extension is not built. Run “npm run build”.'))
      .pipe(response);
  };
}
