import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import contentDisposition from 'content-disposition';
import { z } from 'zod';
import { httpStatusOf } from '#src/api/errors.ts';
import { resultFilter } from '#src/api/results.ts';
import { AppError } from '#src/domain/errors.ts';
import { isZone } from '#src/domain/files/archive.ts';
import { layOut } from '#src/domain/files/zip.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { ArchiveStore } from '#src/ports/files/archives.ts';
import type { Log } from '#src/ports/log.ts';
import type { User, UserStore } from '#src/ports/users.ts';
import { createArchivePreparation } from '#src/services/results/prepare-archive.ts';
import { zipRange } from '#src/services/results/zip-range.ts';
import { byteRange } from './byte-range.ts';

/** Some tens of thousands of ids. */
const MAX_FORM_BYTES = 2 * 1024 * 1024;

const HEADERS = { 'cache-control': 'private, no-store', 'x-content-type-options': 'nosniff' } as const;

const on = z.enum(['1', 'true', 'on']).transform(() => true as const);
/** Previews are never in an archive. */
const { previews: _, ...filters } = resultFilter;
const wish = z.object({
  ...filters,
  favourite: on.optional(),
  removed: on.optional(),
  minRating: z.coerce.number().int().min(1).max(5).optional(),
  /** Rejected results are left out unless they are asked for. */
  rejected: z
    .enum(['all', 'true', 'false'])
    .default('false')
    .transform((said) => (said === 'all' ? undefined : said === 'true')),
  ids: z
    .string()
    .transform((ids) => ids.split(',').filter((id) => /^[\w-]{1,64}$/.test(id)))
    .optional(),
  user: z.string().max(64).optional(),
  /** All results of everybody, a folder each; for operators. */
  everyone: on.optional(),
  zone: z.string().max(64).refine(isZone, 'Unknown time zone.').optional(),
});

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    if (length > MAX_FORM_BYTES) throw new AppError('too_large', 'Too many results for one download. Choose fewer.');
    parts.push(part);
  }
  return new URLSearchParams(Buffer.concat(parts).toString());
}

/** `ids=a,b` and `ids=a&ids=b` are the same. */
const fieldsOf = (params: URLSearchParams): Record<string, string> =>
  Object.fromEntries(
    [...new Set(params.keys())].map((key) => [key, params.getAll(key).join(key === 'ids' ? ',' : '')]),
  );

/**
 * `GET` or `POST /takehome` with ids or filters packs what was chosen, and leads to `/takehome/<ticket>/<name>`, where its bytes stay the same for a day, so that a
 * download that was cut goes on where it ended. For the owner, and operators; to others there is nothing.
 */
export function createArchiveRoute(
  deps: Parameters<typeof createArchivePreparation>[0] & { users: UserStore; archives: ArchiveStore; log: Log },
) {
  const takeHome = createArchivePreparation(deps);

  const refuse = (request: IncomingMessage, response: ServerResponse, status: number, message: string): void => {
    const asJson = request.headers.accept?.includes('application/json') ?? false;
    response.writeHead(status, {
      ...HEADERS,
      'content-type': `${asJson ? 'application/json' : 'text/plain'}; charset=utf-8`,
    });
    response.end(asJson ? JSON.stringify({ message }) : `${message}\n`);
  };

  async function ownerOf(actor: Actor, user: string | undefined): Promise<User> {
    const owner =
      user === undefined || user === actor.userId || actor.role === 'operator'
        ? await deps.users.find(user ?? actor.userId)
        : null;
    if (!owner) throw new AppError('not_found', 'Participant not found.');
    return owner;
  }

  /** Also those who left. */
  async function classOf(actor: Actor): Promise<User[]> {
    if (actor.role !== 'operator') throw new AppError('forbidden', 'Only operators can download everybody’s files.');
    return [...(await deps.users.roster('here')), ...(await deps.users.roster('left'))];
  }

  async function choose(request: IncomingMessage, response: ServerResponse, url: URL, actor: Actor): Promise<void> {
    const params = request.method === 'POST' ? await formOf(request) : url.searchParams;
    const said = wish.safeParse(fieldsOf(params));
    if (!said.success)
      throw new AppError(
        'invalid_input',
        said.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
      );
    const { ids, user, everyone, zone: told, ...filter } = said.data;
    const zone = told ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
    const { ticket, archive } = everyone
      ? await takeHome.everyone({ owners: await classOf(actor), filter, zone })
      : await takeHome.own({ owner: await ownerOf(actor, user), ids: ids ?? null, filter, zone });
    const location = `/takehome/${ticket}/${encodeURIComponent(archive.filename)}`;
    if (request.headers.accept?.includes('application/json')) {
      response.writeHead(200, { ...HEADERS, 'content-type': 'application/json; charset=utf-8' });
      const { filename, missing, files } = archive;
      response.end(
        JSON.stringify({ url: location, filename, files: files.length, bytes: layOut(files).bytes, missing }),
      );
      return;
    }
    response.writeHead(303, { ...HEADERS, location });
    response.end();
  }

  async function sendArchive(
    request: IncomingMessage,
    response: ServerResponse,
    ticket: string,
    actor: Actor,
  ): Promise<void> {
    const archive = await deps.archives.find(ticket);
    if (!archive || (archive.userId !== actor.userId && actor.role !== 'operator'))
      throw new AppError('not_found', 'This download has expired. Start it again.');
    const layout = layOut(archive.files);
    const etag = `"${archive.id}"`;
    const ifRange = request.headers['if-range'];
    const range =
      ifRange === undefined || ifRange === etag ? byteRange(request.headers.range, layout.bytes) : ('all' as const);
    if (range === 'none') {
      response.writeHead(416, { ...HEADERS, 'content-range': `bytes */${layout.bytes}` });
      response.end();
      return;
    }
    const { from, to } = range === 'all' ? { from: 0, to: layout.bytes } : range;
    // Given to writeHead, a name beyond ASCII is refused.
    response.setHeader('content-disposition', contentDisposition(archive.filename));
    response.writeHead(range === 'all' ? 200 : 206, {
      ...HEADERS,
      'content-type': 'application/zip',
      'content-length': to - from,
      'accept-ranges': 'bytes',
      etag,
      ...(range !== 'all' && { 'content-range': `bytes ${from}-${to - 1}/${layout.bytes}` }),
    });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    const fileWith = (index: number) => {
      const file = archive.files[index];
      if (!file) throw new Error(`a download archive has no file ${index}`);
      return file;
    };
    const source = {
      crc: async (index: number) => deps.archives.crc(ticket, fileWith(index)),
      read: (index: number, start: number, stop: number) => deps.archives.read(ticket, fileWith(index), start, stop),
    };
    try {
      await pipeline(Readable.from(zipRange(layout, source, from, to), { objectMode: false }), response);
    } catch (error) {
      // Who goes away in the middle comes back with a range, or does not want it any more.
      if (!request.socket.destroyed || error instanceof AppError)
        deps.log.warn({ err: error, ticket }, 'a download ended before its end');
      response.destroy();
    }
  }

  return async (request: IncomingMessage, response: ServerResponse, url: URL, actor: Actor | null): Promise<void> => {
    if (!actor) return refuse(request, response, 401, 'Please sign in.');
    const [, , ticket] = url.pathname.split('/');
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead && (ticket !== undefined || request.method !== 'POST'))
      return refuse(request, response, 405, 'Downloads are read-only.');
    try {
      await (ticket === undefined
        ? choose(request, response, url, actor)
        : sendArchive(request, response, ticket, actor));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.cause !== undefined) deps.log.warn({ err: error, user: actor.name }, error.message);
      refuse(request, response, httpStatusOf(error.code), error.message);
    }
  };
}
