import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename } from 'node:path';
import contentDisposition from 'content-disposition';
import { appErrorIn } from '#src/domain/errors.ts';
import type { Derived } from '#src/domain/files/derived.ts';
import { downloadName } from '#src/domain/files/download-name.ts';
import { shownName } from '#src/domain/files/result-name.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { OpenedFile } from '#src/ports/files/file-store.ts';
import type { Gallery, Made } from '#src/ports/gallery.ts';
import type { JobReader } from '#src/ports/jobs.ts';
import type { Log } from '#src/ports/log.ts';
import type { Result, ResultStore } from '#src/ports/results.ts';
import type { UserStore } from '#src/ports/users.ts';
import { INERT, KEEP, noSuchFile, SHOWN_ELSEWHERE, say } from './file-answers.ts';
import { serveOpened } from './serve-opened.ts';

/** What is on the wall may be taken back at any time. */
const ASK_AGAIN = 'private, no-cache';
const RETRY_S = 2;
const STORAGE_AWAY = 'The storage for files does not respond at the moment. Nothing is lost. Try again in a minute.';

/** By the last part of the address. A result's own name always has a number, so it is none of these. */
const DERIVED_AT: ReadonlyMap<string, Derived> = new Map([
  ['thumb', 'thumbnail'],
  ['storyboard', 'storyboard'],
  ['waveform', 'waveform'],
  ['proxy', 'proxy'],
  ['clean', 'clean'],
]);

const MADE_FOR_WALL: ReadonlyMap<string, Derived> = new Map([
  ['wall-thumb', 'thumbnail'],
  ['wall-waveform', 'waveform'],
]);

type Served = { readonly mime: string; readonly etag: string; readonly cache: string };

const etagOf = ({ sha256 }: Result, what = ''): string => `"${sha256.slice(0, 32)}${what && `-${what}`}"`;

/**
 * `/files/<result>/<name>[?download=1]` and what is made from it, for the owner and operators; `/files/<result>/wall`, `wall-thumb` and
 * `wall-waveform` for everybody who is signed in, while it is on the class wall. Others learn that there is nothing.
 */
export function createFilesRoute(deps: {
  results: Pick<ResultStore, 'find'>;
  users: Pick<UserStore, 'find'>;
  jobs: Pick<JobReader, 'graph'>;
  gallery: Pick<Gallery, 'open' | 'derive'>;
  log: Log;
}) {
  async function stream(
    request: IncomingMessage,
    response: ServerResponse,
    open: () => Promise<OpenedFile | null>,
    { mime, etag, cache }: Served,
  ): Promise<void> {
    let opened: OpenedFile | null;
    try {
      opened = await open();
    } catch (error) {
      if (appErrorIn(error)) throw error;
      deps.log.warn({ err: error, path: request.url }, 'could not serve a file');
      response.removeHeader('content-disposition');
      return say(response, 500, 'This file cannot be read at the moment. Try again.');
    }
    if (!opened) {
      response.removeHeader('content-disposition');
      return say(response, 404, 'This file no longer exists.');
    }
    return serveOpened(
      request,
      response,
      opened,
      {
        'content-type': mime,
        etag,
        'last-modified': new Date(opened.modifiedAt).toUTCString(),
        'cache-control': cache,
        'x-content-type-options': 'nosniff',
        'content-security-policy': INERT,
        'cross-origin-resource-policy': SHOWN_ELSEWHERE,
      },
      deps.log,
    );
  }

  async function give(
    request: IncomingMessage,
    response: ServerResponse,
    made: Made,
    served: Pick<Served, 'etag' | 'cache'>,
  ): Promise<void> {
    if (made.state === 'there') return stream(request, response, made.open, { mime: made.mime, ...served });
    response.removeHeader('content-disposition');
    if (made.state === 'none') say(response, 404, made.why);
    if (made.state === 'underway') say(response, 202, 'It is being created.', { 'retry-after': String(RETRY_S) });
  }

  const derive = (what: Derived, result: Result): Promise<Made> =>
    deps.gallery.derive(what, result.id, result.path, result);

  async function workflow(response: ServerResponse, url: URL, result: Result, isApi: boolean): Promise<void> {
    const graph = await deps.jobs.graph(result.jobId);
    const text = isApi ? graph?.prompt : graph?.workflow;
    if (text === undefined) return say(response, 404, 'The job of this file no longer exists.');
    if (text === null)
      return say(response, 404, 'This job was sent without the editor’s workflow; only its API format exists.');
    const type = url.searchParams.has('download') ? 'attachment' : 'inline';
    const name = downloadName([result.title, result.seed, isApi ? '(API)' : null], 'json');
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': contentDisposition(name, { type }),
      'content-length': String(Buffer.byteLength(text)),
      'cache-control': ASK_AGAIN,
      'x-content-type-options': 'nosniff',
      'content-security-policy': INERT,
      'cross-origin-resource-policy': SHOWN_ELSEWHERE,
    });
    response.end(text);
  }

  /** Without metadata and without its name. */
  async function onWall(request: IncomingMessage, response: ServerResponse, result: Result, url: URL): Promise<void> {
    const owner = await deps.users.find(result.userId);
    if (result.wallAt === null || result.removedAt !== null || !owner?.enabled) return noSuchFile(response);
    const show = (what: Derived, made: Made) =>
      give(request, response, made, { etag: etagOf(result, what), cache: ASK_AGAIN });
    const what = MADE_FOR_WALL.get(url.pathname.slice(url.pathname.lastIndexOf('/') + 1));
    if (what !== undefined) return show(what, await derive(what, result));
    const clean = url.searchParams.has('proxy') ? null : await derive('clean', result);
    return clean?.state === 'there' ? show('clean', clean) : show('proxy', await derive('proxy', result));
  }

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    actor: Actor | null,
  ): Promise<void> {
    if (request.method !== 'GET' && request.method !== 'HEAD') return say(response, 405, 'Files are read-only.');
    if (!actor) return say(response, 401, 'Please sign in.');
    const [, , id = '', name = ''] = url.pathname.split('/');
    const result = await deps.results.find(id);
    if (!result) return noSuchFile(response);
    if (name === 'wall' || MADE_FOR_WALL.has(name)) return onWall(request, response, result, url);
    if (result.userId !== actor.userId && actor.role !== 'operator') return noSuchFile(response);
    if (name === 'workflow.json' || name === 'api.json') return workflow(response, url, result, name === 'api.json');
    const what = DERIVED_AT.get(name);
    const isFile = what === undefined || what === 'clean' || what === 'proxy';
    const type = url.searchParams.has('download') ? 'attachment' : 'inline';
    if (isFile) response.setHeader('content-disposition', contentDisposition(nameOf(result, what), { type }));
    // One that was unfinished may come whole yet, under the same id; and what is downloaded has the name that its owner gave it last.
    const cache = result.unfinished || type === 'attachment' ? ASK_AGAIN : KEEP;
    const named = type === 'attachment' && result.givenName !== null ? encodeURIComponent(result.givenName) : '';
    if (what !== undefined)
      return give(request, response, await derive(what, result), { etag: etagOf(result, name + named), cache });
    const open = () => deps.gallery.open(result.path);
    return stream(request, response, open, { mime: result.mime, etag: etagOf(result, named), cache });
  }

  return async (request: IncomingMessage, response: ServerResponse, url: URL, actor: Actor | null): Promise<void> => {
    try {
      await answer(request, response, url, actor);
    } catch (error) {
      if (response.headersSent || appErrorIn(error)?.code !== 'storage_unavailable') throw error;
      deps.log.warn({ err: error, path: url.pathname }, 'could not serve a file');
      response.removeHeader('content-disposition');
      say(response, 503, STORAGE_AWAY);
    }
  };
}

const nameOf = (result: Result, what: Derived | undefined): string => {
  const name = basename(shownName(result));
  return what === 'proxy' ? `${name.replace(/\.[^.]*$/, '')}.mp4` : name;
};
