import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type FrontEndVersions, MAX_FILE_BYTES } from '#src/domain/front-end/front-end.ts';
import { parseJson } from '../http.ts';
import { type AskWorker, CaptureFailed, COLD_MS, type Got } from './asking.ts';

const MAX_STATS_BYTES = 1_000_000;
const FRONT_END_PACKAGE = 'comfyui-frontend-package';

const version = z.string().max(100).nullable().default(null);
const packages = z
  .array(z.object({ name: z.string().max(100), installed: version, required: version }))
  .max(100)
  .default([]);
const systemStats = z.looseObject({
  system: z.looseObject({
    comfyui_version: version,
    required_frontend_version: version,
    installed_templates_version: version,
    required_templates_version: version,
    comfy_package_versions: packages,
  }),
  devices: z.array(z.looseObject({})).max(64).default([]),
});

export type PageNow = {
  readonly key: string;
  readonly versions: FrontEndVersions;
  /** For everybody: without the command line, which names folders and lets ComfyUI-Manager appear. */
  readonly stats: Buffer;
  readonly page: Buffer;
};

const wrong = (path: string, got: Exclude<Got, { type: 'cut' }>): CaptureFailed =>
  new CaptureFailed({
    type: 'no_page',
    path,
    httpStatus: got.type === 'other' ? got.httpStatus : 200,
    said: got.type === 'other' ? got.said : '',
  });

/** The versions and the page that whoever answers has. */
export async function pageNow(ask: AskWorker): Promise<PageNow> {
  const said = await ask('/system_stats', MAX_STATS_BYTES, COLD_MS);
  if (said.type === 'cut') throw new CaptureFailed({ type: 'unreachable', said: said.said });
  const stats = said.type === 'got' ? systemStats.safeParse(parseJson(said.bytes.toString())) : null;
  if (!stats?.success) throw wrong('/system_stats', said);
  const page = await ask('/', MAX_FILE_BYTES, COLD_MS);
  if (page.type === 'cut') throw new CaptureFailed({ type: 'unreachable', said: page.said });
  if (page.type !== 'got' || !/^text\/html\b/i.test(page.contentType)) throw wrong('/', page);

  const { system } = stats.data;
  const own = system.comfy_package_versions.find(({ name }) => name === FRONT_END_PACKAGE);
  const facts = [
    system.comfyui_version,
    system.required_frontend_version,
    system.installed_templates_version,
    system.required_templates_version,
    system.comfy_package_versions.map(({ name, installed, required }) => [name, installed, required]),
  ];
  const hash = createHash('sha256').update(JSON.stringify(facts)).update(page.bytes);
  return {
    key: hash.digest('hex'),
    versions: {
      comfyui: system.comfyui_version,
      frontEnd: own?.installed ?? null,
      requiredFrontEnd: own?.required ?? system.required_frontend_version,
    },
    stats: Buffer.from(JSON.stringify({ ...stats.data, system: { ...system, argv: ['main.py'] } })),
    page: page.bytes,
  };
}
