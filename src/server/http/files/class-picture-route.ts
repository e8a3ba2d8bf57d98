import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Actor } from '#src/domain/users/user.ts';
import type { WorkflowStore } from '#src/ports/classes.ts';
import { INERT, KEEP, noSuchFile, SHOWN_ELSEWHERE, say } from './file-answers.ts';

/** `/files/workflows/<workflow>?v=<version>`: what a class workflow may look like, for everybody who is signed in. */
export function createClassPictureRoute(deps: { workflows: Pick<WorkflowStore, 'picture'> }) {
  return async (request: IncomingMessage, response: ServerResponse, url: URL, actor: Actor | null): Promise<void> => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return say(response, 405, 'Files are read-only.');
    if (!actor) return say(response, 401, 'Please sign in.');
    const [, , , id = '', more] = url.pathname.split('/');
    const picture = more === undefined ? await deps.workflows.picture(id) : null;
    if (picture === null) return noSuchFile(response);
    response.writeHead(200, {
      'content-type': 'image/webp',
      'content-length': picture.bytes.length,
      // Another picture has another address.
      'cache-control': url.searchParams.get('v') === picture.version ? KEEP : 'no-store',
      'content-security-policy': INERT,
      'cross-origin-resource-policy': SHOWN_ELSEWHERE,
    });
    response.end(request.method === 'HEAD' ? undefined : picture.bytes);
  };
}
