import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, join } from 'node:path';
import contentDisposition from 'content-disposition';
import { openInside } from '#src/adapters/files/disks/confined.ts';
import { convertPicture, maskPicture } from '#src/adapters/files/media/pictures.ts';
import type { BoundedCalls } from '#src/adapters/files/share/bounded-share.ts';
import { openedFile } from '#src/adapters/files/stores/opened.ts';
import { isShown } from '#src/domain/comfyui/view-query.ts';
import { AppError } from '#src/domain/errors.ts';
import { typeByName } from '#src/domain/files/type-by-name.ts';
import type { Viewed, ViewedPictures } from '#src/ports/comfyui/viewed.ts';
import type { OpenedFile } from '#src/ports/files/file-store.ts';
import type { Gallery } from '#src/ports/gallery.ts';
import type { Log } from '#src/ports/log.ts';
import { INERT } from './file-answers.ts';
import { serveOpened } from './serve-opened.ts';

type Deps = { gallery: Pick<Gallery, 'open' | 'local'>; boundedCalls: BoundedCalls; log: Log };
type Facts = { readonly name: string; readonly mime: string; readonly sha256: string | null };

function factsOf(viewed: Viewed): Facts {
  switch (viewed.type) {
    case 'result':
      return { name: viewed.result.path, mime: viewed.result.mime, sha256: viewed.result.sha256 };
    case 'input':
      return { name: viewed.input.name, mime: viewed.input.mime, sha256: viewed.input.sha256 };
    case 'shared':
      return { name: viewed.path, mime: typeByName(viewed.path).mime, sha256: null };
  }
}

/** The files that ComfyUI's page shows: what they are is told by their content, and none of them does anything. */
export function createViewedFiles(deps: Deps, sfsDir: string) {
  const inputsDir = join(sfsDir, 'inputs');

  async function open(viewed: Viewed): Promise<OpenedFile | null> {
    if (viewed.type === 'result') return deps.gallery.open(viewed.result.path);
    return deps.boundedCalls(`opening “${basename(factsOf(viewed).name)}”`, async () => {
      const handle = await openInside(inputsDir, viewed.type === 'shared' ? viewed.path : viewed.input.file);
      return typeof handle === 'string' ? null : openedFile(handle);
    });
  }

  function locally<T>(viewed: Viewed, use: (file: string) => Promise<T>): Promise<T> {
    if (viewed.type === 'result') return deps.gallery.local(viewed.result.path, use);
    return use(join(inputsDir, viewed.type === 'shared' ? viewed.path : viewed.input.file));
  }

  const drawn = async (viewed: Viewed, draw: (file: string) => Promise<Uint8Array>): Promise<Uint8Array> => {
    const { name, mime } = factsOf(viewed);
    if (!mime.startsWith('image/')) throw new AppError('invalid_input', `“${basename(name)}” is not a picture.`);
    return locally(viewed, draw).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw new AppError('invalid_input', `“${basename(name)}” cannot be drawn: ${why}`, { cause: error });
    });
  };
  const pictures: ViewedPictures = {
    convert: (viewed, how, signal) => drawn(viewed, (file) => convertPicture(file, how, signal)),
    mask: (viewed, mask) => drawn(viewed, (file) => maskPicture(file, mask)),
  };

  async function serve(request: IncomingMessage, response: ServerResponse, viewed: Viewed): Promise<void> {
    const { name, mime, sha256 } = factsOf(viewed);
    const opened = await open(viewed);
    if (!opened) throw new AppError('not_found', 'This file no longer exists.');
    const version = sha256?.slice(0, 32) ?? `${opened.bytes}-${Math.round(opened.modifiedAt)}`;
    const type = isShown(mime) ? 'inline' : 'attachment';
    return serveOpened(
      request,
      response,
      opened,
      {
        'content-type': mime,
        'content-disposition': contentDisposition(basename(name), { type }),
        etag: `"${version}"`,
        // Another person may sign in to this browser, and a name may be given again.
        'cache-control': 'private, no-cache',
        'content-security-policy': INERT,
        'x-content-type-options': 'nosniff',
      },
      deps.log,
    );
  }

  return { pictures, serve };
}
