import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, join } from 'node:path';
import contentDisposition from 'content-disposition';
import { openInside } from '#src/adapters/files/disks/confined.ts';
import type { BoundedCalls } from '#src/adapters/files/share/bounded-share.ts';
import { openedFile } from '#src/adapters/files/stores/opened.ts';
import { AppError } from '#src/domain/errors.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { Input, InputPictures, InputShare, InputStore } from '#src/ports/inputs.ts';
import type { Log } from '#src/ports/log.ts';
import { INERT, KEEP, noSuchFile, SHOWN_ELSEWHERE, say } from './file-answers.ts';
import { serveOpened } from './serve-opened.ts';

type Deps = {
  inputs: Pick<InputStore, 'get'>;
  inputShare: Pick<InputShare, 'has'>;
  inputPictures: Pick<InputPictures, 'thumbnail'>;
  boundedCalls: BoundedCalls;
  log: Log;
};

const GONE = 'This file is no longer on the shared file system. Upload it again.';

/** `/files/inputs/<upload>[?download=1]` and its `/thumb`, for the owner and operators. Others learn that there is nothing. */
export function createInputFilesRoute(deps: Deps, sfsDir: string) {
  const inputsDir = join(sfsDir, 'inputs');

  async function open(file: string) {
    const handle = await openInside(inputsDir, file);
    return typeof handle === 'string' ? null : openedFile(handle);
  }

  const headersOf = ({ sha256 }: Input, mime: string, what = '') => ({
    'content-type': mime,
    etag: `"${sha256.slice(0, 32)}${what}"`,
    'cache-control': KEEP,
    'x-content-type-options': 'nosniff',
    'content-security-policy': INERT,
    'cross-origin-resource-policy': SHOWN_ELSEWHERE,
  });

  async function thumbnail(request: IncomingMessage, response: ServerResponse, input: Input): Promise<void> {
    if (!(await deps.inputShare.has(input.file))) return say(response, 404, GONE);
    const made = await deps.inputPictures.thumbnail(input);
    if (made.state === 'none') return say(response, 404, made.why);
    if (made.state === 'underway') return say(response, 202, 'It is being created.', { 'retry-after': '2' });
    const opened = await made.open();
    if (!opened) return noSuchFile(response);
    return serveOpened(request, response, opened, headersOf(input, made.mime, '-thumb'), deps.log);
  }

  async function whole(request: IncomingMessage, response: ServerResponse, input: Input, url: URL): Promise<void> {
    const opened = await deps.boundedCalls(`opening “${input.name}”`, () => open(input.file));
    if (opened === null) return say(response, 404, GONE);
    const type = url.searchParams.has('download') ? 'attachment' : 'inline';
    const headers = {
      ...headersOf(input, input.mime),
      'content-disposition': contentDisposition(basename(input.name), { type }),
    };
    return serveOpened(request, response, opened, headers, deps.log);
  }

  return async (request: IncomingMessage, response: ServerResponse, url: URL, actor: Actor | null): Promise<void> => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return say(response, 405, 'Files are read-only.');
    if (!actor) return say(response, 401, 'Please sign in.');
    const [, , , id = '', what = '', more] = url.pathname.split('/');
    const input = await deps.inputs.get(id);
    if (!input || (input.userId !== actor.userId && actor.role !== 'operator')) return noSuchFile(response);
    if ((what !== '' && what !== 'thumb') || more !== undefined) return noSuchFile(response);
    try {
      await (what === 'thumb' ? thumbnail(request, response, input) : whole(request, response, input, url));
    } catch (error) {
      if (response.headersSent) throw error;
      deps.log.warn({ err: error, file: input.file }, 'could not serve an upload');
      if (error instanceof AppError) return say(response, 503, error.message);
      say(response, 500, 'This file cannot be read at the moment. Try again.');
    }
  };
}
