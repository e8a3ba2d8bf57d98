import type { FileHandle } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Log } from '#src/ports/log.ts';
import { loggedPath } from '../comfy-token.ts';
import { byteRange } from './byte-range.ts';

type Opened = { readonly handle: FileHandle; readonly size: number };

/** Sends an open file, or the part that is asked for, and closes it. With an `etag` among the headers, nothing is sent to whoever has it. */
export async function serveOpened(
  request: IncomingMessage,
  response: ServerResponse,
  { handle, size }: Opened,
  headers: Readonly<Record<string, string>>,
  log: Log,
): Promise<void> {
  const { etag } = headers;
  const wanted = request.headers['if-range'];
  try {
    if (etag !== undefined && request.headers['if-none-match'] === etag) {
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
    else await pipeline(handle.createReadStream({ start: from, end: to - 1, autoClose: false }), response);
  } catch (error) {
    if (!request.socket.destroyed)
      log.warn({ err: error, path: loggedPath(request) }, 'could not read a file completely');
    response.destroy();
  } finally {
    await handle.close();
  }
}
