import { resolve } from 'node:path';
import type { z } from 'zod';
import { keyVariableFault } from '#src/domain/endpoints/key-variable.ts';
import { AppError } from '#src/domain/errors.ts';
import { type S3Config, s3Config, s3Faults } from '#src/env/s3-variables.ts';
import { type endpoint, type tool, variables } from '#src/env/variables.ts';

export type Config = {
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string | null;
  /** Addresses and ranges. */
  readonly trustedProxies: readonly string[];
  readonly dataDir: string;
  readonly databaseUrl: string;
  readonly sfsDir: string;
  readonly outputsDir: string;
  /** Null = the participants’ files are in `outputsDir`. */
  readonly s3: S3Config | null;
  readonly modelsDir: string;
  readonly endpoints: readonly z.infer<typeof endpoint>[];
  /** The variables that may hold a key of an endpoint, besides COMFY_KEY…: what ENDPOINT_KEYS lists and ENDPOINTS names. */
  readonly endpointKeys: readonly string[];
  readonly demo: boolean;
  readonly admin: { readonly name: string; readonly password: string | null };
  readonly allowedOrigins: readonly string[];
  /** Where a participant’s ComfyUI is, `{user}` standing for the name; null = nowhere that we know of. */
  readonly comfyuiUrl: string | null;
  /** Where ComfyUI is and nothing else; null = at `comfyuiPort` of the gallery’s host. */
  readonly comfyuiOrigin: string | null;
  /** The port that ComfyUI has for itself, 0 = any that is free; null = it has none. */
  readonly comfyuiPort: number | null;
  /** ComfyUI’s front end as a wheel or a folder; null = it is read from workers only. */
  readonly comfyuiFrontEnd: string | null;
  /** Null = /metrics is for this machine only. */
  readonly metricsToken: string | null;
  /** What watches over the machine; empty = nothing that we know of. */
  readonly monitoring: readonly z.infer<typeof tool>[];
  readonly logLevel: string;
  readonly watch: 'auto' | 'events' | 'poll';
  readonly pollMs: number;
  /** Null = there is no account. `dryRun`: only says what it would change there. */
  readonly verda: {
    readonly clientId: string;
    readonly clientSecret: string;
    readonly baseUrl: string;
    readonly dryRun: boolean;
  } | null;
  /** Null dir = none are made. */
  readonly backups: { readonly dir: string | null; readonly everyMs: number; readonly keep: number };
};

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** An origin of their own helps only where no cookie of the gallery gets there, and nothing from there is let in. */
function tabFaults(set: Readonly<Record<string, string | undefined>>): string[] {
  const origin = variables.shape.COMFYUI_ORIGIN.safeParse(set.COMFYUI_ORIGIN).data;
  if (origin === undefined) return [];
  const faults: string[] = [];
  const gallery = URL.parse(set.PUBLIC_URL ?? '');
  const tabs = new URL(origin);
  if (set.PUBLIC_URL === undefined)
    faults.push('PUBLIC_URL is missing: with COMFYUI_ORIGIN it has to be the address of the gallery');
  if (gallery?.hostname === tabs.hostname)
    faults.push(
      `COMFYUI_ORIGIN has the host of PUBLIC_URL, ${tabs.hostname}: cookies are shared between ports, so it has to be another host`,
    );
  if (gallery && gallery.protocol !== tabs.protocol)
    faults.push(`COMFYUI_ORIGIN should begin with "${gallery.protocol}//", as PUBLIC_URL does`);
  if (set.COMFYUI_URL !== undefined && !set.COMFYUI_URL.startsWith('/'))
    faults.push('COMFYUI_URL should be a path such as /comfy/: it is at COMFYUI_ORIGIN');
  if (variables.shape.ALLOWED_ORIGINS.safeParse(set.ALLOWED_ORIGINS).data?.includes(origin))
    faults.push('ALLOWED_ORIGINS names COMFYUI_ORIGIN: leave it out, or ComfyUI’s page could do all that its user can');
  return faults;
}

/** Strings in, typed config out. An empty variable counts as not set. All faults are told together. */
export function readConfig(source: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = variables.safeParse(set);
  const faults = (parsed.error?.issues ?? []).map((issue) => `${String(issue.path[0])} ${lowerFirst(issue.message)}`);
  // What is wrong between two is told with the rest, so it is looked for in those that are right by themselves.
  const named = variables.shape.ENDPOINTS.safeParse(set.ENDPOINTS).data;
  if (set.DEMO === 'on' && set.ENDPOINTS !== undefined)
    faults.push('DEMO is on, but ENDPOINTS names real ones: set only one of them');
  if (set.ENDPOINTS !== undefined && set.SFS_DIR === undefined)
    faults.push('SFS_DIR is missing: with ENDPOINTS it has to name the folder where the shared file system is mounted');
  const [verdaId, verdaSecret] = [set.VERDA_CLIENT_ID, set.VERDA_CLIENT_SECRET];
  if ((verdaId === undefined) !== (verdaSecret === undefined))
    faults.push(
      `${verdaId === undefined ? 'VERDA_CLIENT_ID' : 'VERDA_CLIENT_SECRET'} is missing: Verda takes the two together`,
    );
  faults.push(...s3Faults(set));
  faults.push(...tabFaults(set));
  for (const { name, apiKeyVariable } of named ?? [])
    if (apiKeyVariable !== null && set[apiKeyVariable] === undefined)
      faults.push(`${apiKeyVariable} is missing: endpoint "${name}" takes its key from it`);
  if (!parsed.success || faults.length > 0)
    throw new ConfigError(`Invalid configuration:\n${[...new Set(faults)].map((fault) => `  ${fault}`).join('\n')}`);
  const env = parsed.data;
  const demo = env.DEMO === undefined ? env.ENDPOINTS === undefined : env.DEMO === 'on';

  const dataDir = resolve(env.DATA_DIR);
  const sfsDir = resolve(env.SFS_DIR ?? `${dataDir}/sfs`);
  return {
    port: env.PORT,
    host: env.HOST,
    publicUrl: env.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    trustedProxies: env.TRUSTED_PROXIES,
    dataDir,
    databaseUrl: env.DATABASE_URL ?? `file:${dataDir}/comfyume.db`,
    sfsDir,
    outputsDir: resolve(env.OUTPUTS_DIR ?? `${dataDir}/outputs`),
    s3: s3Config(env),
    modelsDir: resolve(env.MODELS_DIR ?? `${sfsDir}/models`),
    endpoints: env.ENDPOINTS ?? [],
    endpointKeys: [
      ...env.ENDPOINT_KEYS,
      ...(env.ENDPOINTS ?? []).flatMap(({ apiKeyVariable }) => apiKeyVariable ?? []),
    ],
    demo,
    admin: { name: env.ADMIN_NAME, password: env.ADMIN_PASSWORD ?? null },
    allowedOrigins: env.ALLOWED_ORIGINS,
    comfyuiUrl: env.COMFYUI_URL ?? null,
    comfyuiOrigin: env.COMFYUI_ORIGIN ?? null,
    comfyuiPort: env.COMFYUI_ORIGIN === undefined ? nextPort(env.PORT) : null,
    comfyuiFrontEnd: env.COMFYUI_FRONTEND === undefined ? null : resolve(env.COMFYUI_FRONTEND),
    metricsToken: env.METRICS_TOKEN ?? null,
    monitoring: env.MONITORING ?? [],
    logLevel: env.LOG_LEVEL,
    watch: env.SFS_WATCH,
    pollMs: env.SFS_POLL_MS,
    verda:
      env.VERDA_CLIENT_ID === undefined || env.VERDA_CLIENT_SECRET === undefined
        ? null
        : {
            clientId: env.VERDA_CLIENT_ID,
            clientSecret: env.VERDA_CLIENT_SECRET,
            baseUrl: env.VERDA_BASE_URL,
            dryRun: env.VERDA_DRY_RUN === 'on',
          },
    backups: {
      dir: env.BACKUP_DIR === undefined ? null : resolve(env.BACKUP_DIR),
      everyMs: env.BACKUP_HOURS * 3_600_000,
      keep: env.BACKUP_KEEP,
    },
  };
}

const nextPort = (port: number): number | null => (port === 0 ? 0 : port < 65_535 ? port + 1 : null);
const lowerFirst = (sentence: string): string => sentence.charAt(0).toLowerCase() + sentence.slice(1);

/** The only reader of the process environment. */
export const readProcessConfig = (): Config => readConfig(process.env);
/** Reads keys of endpoints. AppError `forbidden` for a variable that holds something else. */
export const keyReader =
  ({ endpointKeys }: Pick<Config, 'endpointKeys'>) =>
  (variable: string): string | undefined => {
    const fault = keyVariableFault(variable, endpointKeys);
    if (fault !== null) throw new AppError('forbidden', fault);
    return process.env[variable];
  };
