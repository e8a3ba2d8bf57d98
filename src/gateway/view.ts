import type { IncomingMessage, ServerResponse } from 'node:http';
import { conversionAsked } from '#src/domain/comfyui/view-query.ts';
import { AppError } from '#src/domain/errors.ts';
import type { Turns } from '#src/ports/auth.ts';
import type { Conversion, Viewed, ViewedPictures } from '#src/ports/comfyui/viewed.ts';
import { type FindViewedDeps, findViewed } from '#src/services/comfyui/find-viewed.ts';
import type { Call, Routes } from './routes.ts';

type Deps = FindViewedDeps & {
  viewedPictures: Pick<ViewedPictures, 'convert'>;
  /** Pictures of one person, one after another. */
  pictureTurns: Turns;
  /** The whole file, or the part that is asked for. */
  serveViewed: (request: IncomingMessage, response: ServerResponse, viewed: Viewed) => Promise<void>;
};

const hashOf = (viewed: Viewed): string | null => {
  if (viewed.type === 'shared') return null;
  return (viewed.type === 'result' ? viewed.result : viewed.input).sha256.slice(0, 32);
};

/** The person's own results, previews and uploads, and what everybody may use; of others' there is nothing. */
export function viewRoutes(deps: Deps): Routes {
  async function converted({ request, response, actor }: Call, viewed: Viewed, how: Conversion): Promise<void> {
    const hash = hashOf(viewed);
    const etag = hash === null ? null : `"${hash}-${how.format}-${how.quality}-${how.channel}"`;
    const headers = { 'cache-control': 'private, no-cache', ...(etag !== null && { etag }) };
    if (etag !== null && request.headers['if-none-match'] === etag) {
      response.writeHead(304, headers).end();
      return;
    }
    const over = new AbortController();
    response.once('close', () => over.abort());
    const picture = await deps.pictureTurns(actor.userId, () => deps.viewedPictures.convert(viewed, how, over.signal));
    response.writeHead(200, {
      ...headers,
      'content-type': `image/${how.format}`,
      'content-length': picture.length,
    });
    response.end(request.method === 'HEAD' ? '' : picture);
  }

  return {
    async 'GET /view'(call) {
      const { url, actor, request, response } = call;
      const asked = (name: string): string | null => url.searchParams.get(name);
      const filename = asked('filename') ?? '';
      if (filename === '') throw new AppError('invalid_input', 'Name a file: /view?filename=…');
      const ref = { filename, subfolder: asked('subfolder') ?? '', type: asked('type') ?? 'output' };
      const viewed = await findViewed(deps, actor, ref);
      if (!viewed) throw new AppError('not_found', 'File not found.');
      const how = conversionAsked(asked('preview'), asked('channel'));
      return how ? converted(call, viewed, how) : deps.serveViewed(request, response, viewed);
    },
  };
}
