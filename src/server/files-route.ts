import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, dirname } from 'node:path';
import contentDisposition from 'content-disposition';
import send from 'send';
import type { Actor } from '#src/domain/user.ts';
import type { Gallery } from '#src/ports/gallery.ts';
import type { Log } from '#src/ports/log.ts';
import type { ResultStore } from '#src/ports/results.ts';

/** A file shows itself and does nothing: no script in an SVG runs, nothing is loaded from elsewhere. */
const INERT = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src 'self'; sandbox";
/** A result never changes under its id. */
const KEEP = 'private, max-age=31536000, immutable';

const refuse = (response: ServerResponse, status: number, message: string): void => {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(`${message}\n`);
};

/** `/files/<result>/<name>[?download=1]` and `/files/<result>/thumb`, for the owner and operators. Others learn that there is nothing. */
export function createFilesRoute(deps: { results: ResultStore; gallery: Gallery; log: Log }) {
  function stream(request: IncomingMessage, response: ServerResponse, path: string, mime: string, etag: string): void {
    response.setHeader('content-type', mime);
    response.setHeader('etag', etag);
    response.setHeader('cache-control', KEEP);
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('content-security-policy', INERT);
    response.setHeader('cross-origin-resource-policy', 'same-site');
    send(request, `/${encodeURIComponent(basename(path))}`, {
      root: dirname(path),
      dotfiles: 'allow',
      index: false,
      cacheControl: false,
    })
      .on('error', (error: NodeJS.ErrnoException & { status?: number }) => {
        const status = error.status ?? 500;
        if (status === 416) {
          response.writeHead(416, { 'content-range': String(response.getHeader('content-range') ?? 'bytes */*') });
          response.end();
          return;
        }
        deps.log.warn({ err: error, path }, 'a file could not be served');
        for (const header of ['content-type', 'etag', 'cache-control', 'content-disposition'])
          response.removeHeader(header);
        if (!response.headersSent)
          refuse(
            response,
            status === 404 ? 404 : 500,
            status === 404 ? 'This file is no longer there.' : 'This file cannot be read just now.',
          );
        else response.destroy();
      })
      .on('directory', () => refuse(response, 404, 'There is no such file.'))
      .pipe(response);
  }

  return async (request: IncomingMessage, response: ServerResponse, url: URL, actor: Actor | null): Promise<void> => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'Files can only be read.');
    if (!actor) return refuse(response, 401, 'Please sign in.');
    const [, , id = '', name = ''] = url.pathname.split('/');
    const result = await deps.results.find(id);
    if (!result || (result.userId !== actor.userId && actor.role !== 'operator'))
      return refuse(response, 404, 'There is no such file.');
    const path = deps.gallery.locate(result.path);
    if (name === 'thumb') {
      const thumbnail = await deps.gallery.thumbnail(result.id, result.path, result);
      if (thumbnail === null) return refuse(response, 404, 'There is no small picture of this file.');
      return stream(request, response, thumbnail, 'image/webp', `"${result.sha256.slice(0, 32)}-thumb"`);
    }
    const type = url.searchParams.has('download') ? 'attachment' : 'inline';
    response.setHeader('content-disposition', contentDisposition(basename(result.path), { type }));
    stream(request, response, path, result.mime, `"${result.sha256.slice(0, 32)}"`);
  };
}
