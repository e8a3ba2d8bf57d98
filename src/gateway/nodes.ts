import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { AppError } from '#src/domain/errors.ts';
import type { Choices } from '#src/domain/node-catalogue/fill.ts';
import { modelLists } from '#src/domain/node-catalogue/shared-models.ts';
import type { Union } from '#src/domain/node-catalogue/union.ts';
import type { Actor } from '#src/domain/users/user.ts';
import { COMFY_KEYS } from '#src/domain/workflow/extra-data.ts';
import type { NodeCatalogues } from '#src/ports/comfyui/node-catalogue.ts';
import type { EndpointStore } from '#src/ports/endpoints.ts';
import type { InputStore } from '#src/ports/inputs.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import type { ModelNames } from '#src/ports/share.ts';
import { classInfo, createObjectInfo } from './object-info.ts';
import type { Call, Routes } from './routes.ts';

export type NodeDeps = {
  endpoints: Pick<EndpointStore, 'list'>;
  nodeCatalogues: NodeCatalogues;
  modelNames: ModelNames;
  inputs: Pick<InputStore, 'names'>;
  settings: Pick<SettingStore, 'read'>;
};

const expand = promisify(gunzip);

const none = (): AppError =>
  new AppError(
    'platform_unavailable',
    'It is not known yet which nodes the GPUs have. It is read when the next job runs; an operator can also read it under Admin → Endpoints.',
  );

/** The nodes of the endpoints that are enabled; where none is, of all. */
export async function knownNodes({
  endpoints,
  nodeCatalogues,
}: Pick<NodeDeps, 'endpoints' | 'nodeCatalogues'>): Promise<{ union: Union | null; version: string }> {
  const all = await endpoints.list();
  const enabled = all.filter((endpoint) => endpoint.enabled);
  const ids = (enabled.length > 0 ? enabled : all).map(({ id }) => id);
  return { union: await nodeCatalogues.union(ids), version: await nodeCatalogues.versionOf(ids) };
}

/** What nodes there are, for whoever asks: with their own uploads to choose from and nobody else's, and the models that lie on the share. */
export function nodeRoutes(deps: NodeDeps): Routes {
  const objectInfo = createObjectInfo();

  async function asked({ userId }: Actor) {
    const { union, version } = await knownNodes(deps);
    if (!union) throw none();
    const [uploads, seen, settings] = await Promise.all([
      deps.inputs.names(userId),
      deps.modelNames.seen(),
      deps.settings.read(),
    ]);
    const choices: Choices = { uploads, models: modelLists(union.models, seen) };
    // With no key allowed, no node can run whose work is done elsewhere.
    return { union, version, choices, withApi: COMFY_KEYS.some((key) => settings.allowedExtraData.includes(key)) };
  }

  async function all({ request, response, actor }: Call): Promise<void> {
    const { etag, zipped } = await objectInfo(await asked(actor));
    const tag = `"${etag}"`;
    response.setHeader('etag', tag);
    response.setHeader('cache-control', 'private, no-cache');
    response.setHeader('vary', 'accept-encoding, authorization, cookie');
    if (request.headers['if-none-match']?.includes(tag)) {
      response.writeHead(304);
      response.end();
      return;
    }
    const takesZipped = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
    const body = takesZipped ? zipped : await expand(zipped);
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': body.length,
      ...(takesZipped && { 'content-encoding': 'gzip' }),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  return {
    'GET /object_info': all,
    'GET /object_info/:class': async ({ response, request, params, actor }) => {
      const text = classInfo(await asked(actor), params.class ?? '');
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
      response.end(request.method === 'HEAD' ? undefined : text);
    },
  };
}
