import { foldersOf, isBelow, OWN_FILES } from '#src/domain/comfyui/own-files.ts';
import { AppError } from '#src/domain/errors.ts';
import type { OwnFile } from '#src/ports/comfyui/own-data.ts';
import { moveOwnFile } from '#src/services/comfyui/move-own-file.ts';
import { removeOwnFile } from '#src/services/comfyui/remove-own-file.ts';
import { type OwnFileDeps, placeOf, saveOwnFile } from '#src/services/comfyui/save-own-file.ts';
import type { Call, Routes } from './routes.ts';

const nameIn = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const isTrue = (url: URL, what: string): boolean => url.searchParams.get(what)?.toLowerCase() === 'true';
const mayOverwrite = (url: URL): boolean => url.searchParams.get('overwrite') !== 'false';

/** `path` is told from `folder`; times are milliseconds. */
const infoOf = ({ path, bytes, createdAt, modifiedAt }: OwnFile, folder = '') => ({
  path: folder === '' ? path : path.slice(folder.length + 1),
  size: bytes,
  modified: modifiedAt,
  created: createdAt,
});

const said = (file: OwnFile, url: URL) => (isTrue(url, 'full_info') ? infoOf(file) : file.path);

/** Only the person's own style sheet is ever taken for what it says it is. */
const USER_CSS = 'user.css';

function give({ request, response }: Call, path: string, content: Uint8Array): void {
  const isCss = path === USER_CSS;
  const json = path.endsWith('.json') ? 'application/json' : 'application/octet-stream';
  response.writeHead(200, {
    'content-type': isCss ? 'text/css; charset=utf-8' : json,
    'content-disposition': isCss ? 'inline' : 'attachment',
    'content-length': content.length,
    'cache-control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? '' : content);
}

/** The files that ComfyUI keeps for its user: workflows, subgraphs, templates. A folder is there while something is in it. */
export function userdataRoutes(deps: OwnFileDeps): Routes {
  async function inFolder(userId: string, folder: string): Promise<OwnFile[]> {
    const files = (await deps.ownFiles.list(userId)).filter(({ path }) => isBelow(path, folder));
    if (files.length === 0 && folder !== '') throw new AppError('not_found', 'Directory not found');
    return files;
  }

  return {
    async 'GET /userdata'({ actor, url, say }) {
      const dir = url.searchParams.get('dir') ?? '';
      if (dir === '') throw new AppError('invalid_input', 'Directory not provided');
      const folder = placeOf(dir);
      const files = (await inFolder(actor.userId, folder))
        .map((file) => infoOf(file, folder))
        .filter(({ path }) => isTrue(url, 'recurse') || !path.includes('/'));
      if (isTrue(url, 'full_info')) return say(files);
      const paths = files.map(({ path }) => path);
      say(isTrue(url, 'split') ? paths.map((path) => [path, ...path.split('/')]) : paths);
    },

    async 'GET /v2/userdata'({ actor, url, say }) {
      const folder = placeOf(url.searchParams.get('path') ?? '');
      const files = await inFolder(actor.userId, folder);
      const folders = foldersOf(files.map(({ path }) => path)).filter((path) => isBelow(path, folder));
      const byName = (a: { name: string }, b: { name: string }) =>
        a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1;
      say([
        ...folders.map((path) => ({ name: nameIn(path), path, type: 'directory' })).sort(byName),
        ...files
          .map(({ path, bytes, modifiedAt }) => ({
            name: nameIn(path),
            path,
            type: 'file',
            size: bytes,
            modified: modifiedAt / 1000,
          }))
          .sort(byName),
      ]);
    },

    async 'GET /userdata/:file'(call) {
      const path = placeOf(call.params.file ?? '');
      const file = await deps.ownFiles.read(call.actor.userId, path);
      // The page asks for it in any case, and browsers complain of an answer that is no style sheet.
      if (!file && path === USER_CSS) return give(call, path, new Uint8Array());
      if (!file) throw new AppError('not_found', 'File not found');
      give(call, path, file.content);
    },

    async 'POST /userdata/:file'({ actor, params, url, bytes, say }) {
      const content = await bytes(OWN_FILES.fileBytes);
      say(
        said(await saveOwnFile(deps, actor, { name: params.file ?? '', content, overwrite: mayOverwrite(url) }), url),
      );
    },

    async 'DELETE /userdata/:file'({ actor, params, response }) {
      await removeOwnFile(deps, actor, params.file ?? '');
      response.writeHead(204).end();
    },

    async 'POST /userdata/:file/move/:dest'({ actor, params: { file = '', dest = '' }, url, say }) {
      say(said(await moveOwnFile(deps, actor, { name: file, to: dest, overwrite: mayOverwrite(url) }), url));
    },
  };
}
