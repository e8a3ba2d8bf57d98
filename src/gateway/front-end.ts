import type { IncomingMessage } from 'node:http';
import { AppError } from '#src/domain/errors.ts';
import { OWN_PACK } from '#src/domain/front-end/compose.ts';
import { GATHERED, PAGE } from '#src/domain/front-end/front-end.ts';
import { isNamedByContent, staticPath } from '#src/domain/front-end/paths.ts';
import type { FrontEnds, ServedFile } from '#src/ports/comfyui/front-end.ts';
import { noEditorPage } from './no-editor-page.ts';
import { knownNodes, type NodeDeps } from './nodes.ts';
import type { Call, Handle, Routes } from './routes.ts';

export type FrontEndRouteDeps = Pick<NodeDeps, 'endpoints' | 'nodeCatalogues'> & {
  frontEnds: FrontEnds;
  ownExtension: (name: string) => Promise<ServedFile | null>;
  galleryOrigin: (request: IncomingMessage) => string;
};

/** The query tells it that its page's server is this one: src/extension/address.ts. */
const OWN_EXTENSION = `/extensions/${OWN_PACK}/comfyume.js?class`;
const NO_STYLE: ServedFile = { bytes: new Uint8Array(), type: 'text/css; charset=utf-8', sha256: 'none' };
const ONE_YEAR = 'private, max-age=31536000, immutable';

/** What ComfyUI's page needs from its own server, and nothing of others: as ComfyUI with `--offline`. Node packs put scripts into the page and make code of texts. */
const policy = (host: string): string =>
  [
    "default-src 'self'",
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src 'self' data: blob: ws://${host} wss://${host}`,
    "worker-src 'self' blob:",
    "frame-src 'self'",
    "frame-ancestors 'self'",
    "form-action 'self'",
    "base-uri 'self'",
    "object-src 'none'",
  ].join('; ');

function send({ request, response }: Call, file: ServedFile, isForever: boolean): void {
  const etag = `"${file.sha256}"`;
  response.setHeader('content-security-policy', policy(request.headers.host ?? ''));
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cache-control', isForever ? ONE_YEAR : 'private, no-cache');
  response.setHeader('etag', etag);
  if (request.headers['if-none-match']?.split(/\s*,\s*/).includes(etag)) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, { 'content-type': file.type, 'content-length': file.bytes.length });
  response.end(request.method === 'HEAD' ? '' : file.bytes);
}

/** ComfyUI's page and all that it loads as files, from what is kept of workers. No request here reaches one. */
export function frontEndRoutes(deps: FrontEndRouteDeps): Routes {
  const { frontEnds, ownExtension, galleryOrigin } = deps;
  const page: Handle = async (call) => {
    // Without nodes the page stays empty, and says nothing.
    const file = (await knownNodes(deps)).union && (await frontEnds.file(PAGE));
    if (file) return send(call, file, false);
    const { request, response } = call;
    response.setHeader(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    );
    response.setHeader('referrer-policy', 'no-referrer');
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
    response.end(request.method === 'HEAD' ? '' : noEditorPage(galleryOrigin(request)));
  };

  const file: Handle = async (call) => {
    const path = staticPath(call.params.path ?? '');
    const own = path?.startsWith(`extensions/${OWN_PACK}/`) ? path.split('/').slice(2).join('/') : null;
    const found = own !== null ? await ownExtension(own) : path !== null ? await frontEnds.file(path) : null;
    if (!found) throw new AppError('not_found', 'ComfyUI has nothing at this address here.');
    send(call, found, path !== null && isNamedByContent(path));
  };

  const gathered = Object.fromEntries(
    GATHERED.map((what) => [
      `GET /${what}` as const,
      async (call: Call) => send(call, await frontEnds.gathered(what), false),
    ]),
  );

  return {
    ...gathered,
    'GET /': page,
    'GET /extensions': async ({ say }) => say([...(await frontEnds.extensions()), OWN_EXTENSION]),
    'GET /system_stats': async ({ say }) => say(await frontEnds.systemStats()),
    // The page asks for it; few servers have one.
    'GET /user.css': async (call) => send(call, (await frontEnds.file('user.css')) ?? NO_STYLE, false),
    'GET /*path': file,
  };
}
