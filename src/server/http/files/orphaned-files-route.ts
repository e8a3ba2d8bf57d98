import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { openInside } from '#src/adapters/files/disks/confined.ts';
import { systemCode } from '#src/adapters/files/file-errors.ts';
import type { BoundedCalls } from '#src/adapters/files/share/bounded-share.ts';
import { openedFile } from '#src/adapters/files/stores/opened.ts';
import { AppError } from '#src/domain/errors.ts';
import type { Actor } from '#src/domain/users/user.ts';
import { ROOT } from '#src/domain/workflow/rewrite.ts';
import type { Log } from '#src/ports/log.ts';
import { say } from './file-answers.ts';
import { serveOpened } from './serve-opened.ts';

/** Only what a browser shows by itself and what runs nothing. */
const SHOWN: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  mp4: 'video/mp4',
  webm: 'video/webm',
};

/** A file on the share by its path below `<sfs>/outputs`, for operators to look at. To others there is nothing. */
export function createOrphanedFilesRoute({
  sfsDir,
  boundedCalls,
  log,
}: {
  sfsDir: string;
  boundedCalls: BoundedCalls;
  log: Log;
}) {
  const outputs = join(sfsDir, 'outputs');
  async function open(path: string) {
    const handle = await openInside(outputs, path);
    return typeof handle === 'string' ? null : openedFile(handle);
  }
  return async (request: IncomingMessage, response: ServerResponse, url: URL, actor: Actor | null): Promise<void> => {
    if (actor?.role !== 'operator') return say(response, 404, 'Not found.');
    if (request.method !== 'GET') return say(response, 405, 'Orphaned files are read-only.');
    const path = pathOf(url);
    const mime = SHOWN[path?.split('.').at(-1)?.toLowerCase() ?? ''];
    if (path === null || mime === undefined) return say(response, 404, 'Picture or film not found.');
    const opened = await boundedCalls(`opening ${path}`, () => open(path)).catch((error: unknown) => {
      log.warn({ err: error, path, code: systemCode(error) }, 'could not open an orphaned file');
      return error instanceof AppError ? error : null;
    });
    if (opened instanceof AppError) return say(response, 503, opened.message);
    if (opened === null) return say(response, 404, 'File not found.');
    const headers = {
      'content-type': mime,
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox",
    };
    return serveOpened(request, response, opened, headers, log);
  };
}

/** Null for what could not be the path of an orphaned file. */
function pathOf(url: URL): string | null {
  try {
    const path = decodeURIComponent(url.pathname.slice('/strays/'.length));
    const parts = path.split('/');
    const isPlain = parts.every((part) => part !== '' && part !== '.' && part !== '..') && !path.includes('\0');
    return isPlain && parts[0] === ROOT && parts.length > 2 ? path : null;
  } catch {
    return null;
  }
}
