import { z } from 'zod';
import { type FrontEndFile, GATHERED } from '#src/domain/front-end/front-end.ts';
import { asAddress, staticPath } from '#src/domain/front-end/paths.ts';
import { isRecord } from '#src/domain/workflow/graph.ts';
import type { CapturedNodes, FrontEndStore } from '#src/ports/comfyui/front-end.ts';
import { parseJson } from '../http.ts';
import { type AskWorker, CaptureFailed } from './asking.ts';
import { inParallel } from './crawl.ts';

const MAX_JSON_BYTES = 16 * 1024 * 1024;
const MAX_NODES_BYTES = 64 * 1024 * 1024;
const MAX_SUBGRAPHS = 500;
const MAX_FOLDERS = 300;
const MAX_NAMES = 100_000;
const JSON_TYPE = 'application/json; charset=utf-8';

/** Undefined = it is not there, or no JSON. */
async function askJson(ask: AskWorker, address: string): Promise<unknown> {
  const got = await ask(address, MAX_JSON_BYTES);
  return got.type === 'got' ? parseJson(got.bytes.toString()) : undefined;
}

/** The JSON objects that a server gathers of its node packs, and each subgraph that it names, as files. */
export async function readGathered(
  ask: AskWorker,
  put: FrontEndStore['put'],
): Promise<{ files: ReadonlyMap<string, FrontEndFile>; replaced: readonly string[] }> {
  const files = new Map<string, FrontEndFile>();
  const found = new Map<string, Record<string, unknown>>();
  async function keep(path: string): Promise<void> {
    const value = await askJson(ask, asAddress(path));
    if (!isRecord(value)) return;
    const bytes = Buffer.from(JSON.stringify(value));
    files.set(path, { sha256: await put(bytes), type: JSON_TYPE, bytes: bytes.length });
    found.set(path, value);
  }
  await inParallel(GATHERED, keep);
  const subgraphs = Object.keys(found.get('global_subgraphs') ?? {})
    .map((id) => staticPath(`global_subgraphs/${id}`))
    .filter((path) => path !== null && path.split('/').length === 2)
    .filter((path) => path !== null);
  await inParallel(subgraphs.slice(0, MAX_SUBGRAPHS), keep);
  return { files, replaced: Object.keys(found.get('node_replacements') ?? {}) };
}

const name = z.string().min(1).max(500);
const folder = z.object({
  name,
  folders: z.array(name).max(100),
  extensions: z.array(name).max(100).nullable().default(null),
});
const folders = z.array(folder).max(MAX_FOLDERS);
const names = z.array(name).max(MAX_NAMES);

/** The folders of models, with the files that the worker sees in each. */
async function readModels(ask: AskWorker): Promise<CapturedNodes['models']> {
  const said = folders.safeParse(await askJson(ask, '/experiment/models'));
  const older = said.success ? null : names.max(MAX_FOLDERS).safeParse(await askJson(ask, '/models'));
  const known = said.data ?? older?.data?.map((name) => ({ name, folders: [], extensions: null })) ?? [];
  const models: CapturedNodes['models'][number][] = [];
  await inParallel(known, async (one) => {
    const files = names.safeParse(await askJson(ask, `/models/${encodeURIComponent(one.name)}`));
    models.push({ ...one, files: files.success ? files.data : [] });
  });
  return models.sort((a, b) => (a.name < b.name ? -1 : 1));
}

export async function readNodes(ask: AskWorker): Promise<Omit<CapturedNodes, 'replaced'>> {
  const got = await ask('/object_info', MAX_NODES_BYTES);
  if (got.type !== 'got')
    throw new CaptureFailed({
      type: 'no_page',
      path: '/object_info',
      httpStatus: got.type === 'other' ? got.httpStatus : 200,
      said: got.type === 'other' ? got.said : '',
    });
  return { objectInfo: got.bytes.toString(), models: await readModels(ask) };
}

const MAX_EXTENSIONS = 5000;
const listed = z.array(z.string().max(1000)).max(MAX_EXTENSIONS);

/** The paths of all extensions; what is no module below `/extensions` is left out. */
export async function readExtensions(ask: AskWorker): Promise<readonly string[]> {
  const said = listed.safeParse(await askJson(ask, '/extensions'));
  if (!said.success) return [];
  return said.data.flatMap((address) => {
    try {
      const path = staticPath(decodeURIComponent(address));
      return path !== null && /^extensions\/.+\.js$/.test(path) ? [path] : [];
    } catch {
      return [];
    }
  });
}
