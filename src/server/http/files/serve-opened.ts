import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { OpenedFile } from '#src/ports/files/file-store.ts';
import type { Log } from '#src/ports/log.ts';
import { loggedPath } from '../comfy-token.ts';
import { byteRange } from './byte-range.ts';

/** Whoever has it names it, perhaps among others, perhaps as something that a proxy has packed; or says from when it is. */
function isKnown(request: IncomingMessage, headers: Readonly<Record<string, string>>): boolean {
  const { 'if-none-match': tags, 'if-modified-since': since } = request.headers;
  if (tags !== undefined) return tags.split(',').some((tag) => tag.trim().replace(/^W\//, '') === headers.etag);
  const modified = headers['last-modified'];
  return since !== undefined && modified !== undefined && Date.parse(modified) <= Date.parse(since);
}

/** Sends an open file, or the part that is asked for, and closes it. With an `etag` among the headers, nothing is sent to whoever has it. */
export async function serveOpened(
  request: IncomingMessage,
  response: ServerResponse,
  opened: OpenedFile,
  headers: Readonly<Record<string, string>>,
  log: Log,
): Promise<void> {
  const { bytes: size } = opened;
  const { etag } = headers;
  const wanted = request.headers['if-range'];
  try {
    if (isKnown(request, headers)) {
      response.writeHead(304, headers).end();
      return;
    }
    const range = wanted === undefined || wanted === etag ? byteRange(request.headers.range, size) : 'all';
    if (range === 'none') {
      response.writeHead(416, { 'content-range': `bytes */${size}`, 'cache-control': 'no-store' }).end();
      return;
    }
    const { from, to } = range === 'all' ? { from: 0, to: size } : range;
    response.writeHead(range === 'all' ? 200 : 206, {
      ...headers,
      'content-length': to - from,
      'accept-ranges': 'bytes',
      ...(range !== 'all' && { 'content-range': `bytes ${from}-${to - 1}/${size}` }),
    });
    if (to === from || request.method === 'HEAD') response.end();
    else await pipeline(opened.read(from, to), response);
  } catch (error) {
    if (!request.socket.destroyed)
      log.warn({ err: error, path: loggedPath(request) }, 'could not read a file completely');
    response.destroy();
  } finally {
    await opened.close();
  }
}
