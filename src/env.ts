import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { endpointFields, httpAddress } from '#src/domain/endpoints/endpoint.ts';
import { isOurs, keyVariableFault } from '#src/domain/endpoints/key-variable.ts';
import { AppError } from '#src/domain/errors.ts';
import { userName } from '#src/domain/users/user.ts';

const text = z.string().trim().min(1, 'should not be empty');
const whole = (least: number, most: number) => {
  const error = `should be a whole number from ${least} to ${most}`;
  return z.coerce.number({ error }).int(error).min(least, error).max(most, error);
};
const oneOf = <const Word extends string>(...words: readonly Word[]) => {
  const [last, ...others] = words.map((word) => `"${word}"`).reverse();
  return z.enum(words, `should be ${others.reverse().join(', ')} or ${last}`);
};
const isOrigin = (address: string): boolean =>
  URL.canParse(address) && /^https?:$/.test(new URL(address).protocol) && new URL(address).origin === address;

/** Cookies, sockets and links are all made for the root of an address. What is left out may be secret, so it is not said again. */
function refuseMoreThanAnOrigin(address: string, context: z.RefinementCtx): void {
  if (!URL.canParse(address)) return;
  const { origin, pathname, search, hash, username, password } = new URL(address);
  const refuse = (message: string) => context.addIssue({ code: 'custom', message });
  if (/[^/]/.test(pathname))
    refuse(`is ${origin}${pathname}: comfyume runs at the root of an address, so leave the path out`);
  if (search !== '' || hash !== '') refuse(`should end with the host: leave out what follows "${origin}"`);
  if (username !== '' || password !== '') refuse('should not contain a name or password: everyone can see it');
}

const endpoint = z.strictObject(endpointFields);

const tool = z.strictObject({
  name: text,
  /** For people. */
  url: text.refine(
    (address) => /^\/(?![/\\])/.test(address) || (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)),
    'should be an http or https address, or a path such as /monitoring/grafana/',
  ),
  /** For us. */
  check: httpAddress,
});

/** JSON, or the path of a file with it: a list of things that each have a name of their own. */
const listOf = <Item extends { name: string }>(item: z.ZodType<Item>, what: string) =>
  text.transform((value, context): Item[] => {
    const refuse = (message: string) => {
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    };
    const inline = value.startsWith('[');
    if (!inline && !existsSync(value))
      return refuse(`should be a JSON list or the path of a file with one; there is no file "${value}"`);
    let json: unknown;
    try {
      json = JSON.parse(inline ? value : readFileSync(value, 'utf8'));
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      return refuse(
        error instanceof SyntaxError ? `is not valid JSON: ${said}` : `cannot be read from "${value}": ${said}`,
      );
    }
    const list = z.array(item).safeParse(json);
    if (!list.success)
      return refuse(
        `is invalid: ${list.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`,
      );
    const names = list.data.map(({ name }) => name);
    if (new Set(names).size < names.length) return refuse(`names ${what} twice`);
    return list.data;
  });

const variables = z.object({
  PORT: whole(0, 65_535).default(3000),
  HOST: text.default('localhost'),
  PUBLIC_URL: httpAddress.superRefine(refuseMoreThanAnOrigin).optional(),
  DATA_DIR: text.default('./data'),
  DATABASE_URL: text
    .regex(/^file:/, 'should begin with "file:" (PostgreSQL is not served by this version yet)')
    .optional(),
  SFS_DIR: text.optional(),
  OUTPUTS_DIR: text.optional(),
  /** Where the workers' models are, as far as this machine can see them. */
  MODELS_DIR: text.optional(),
  ENDPOINTS: listOf(endpoint, 'an endpoint').optional(),
  /** Further variables that hold keys of endpoints. */
  ENDPOINT_KEYS: z
    .string()
    .default('')
    .transform((list) => list.split(',').map((name) => name.trim()))
    .transform((list) => list.filter((name) => name !== ''))
    .superRefine((list, context) => {
      for (const name of list.filter(isOurs))
        context.addIssue({ code: 'custom', message: `names ${name}, a secret of comfyume itself: leave it out` });
    }),
  DEMO: oneOf('on', 'off').optional(),
  ADMIN_NAME: userName.default('teacher'),
  ADMIN_PASSWORD: z.string().min(8, 'should have at least 8 characters').optional(),
  ALLOWED_ORIGINS: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((origin) => origin.trim().replace(/\/+$/, ''))
        .filter((origin) => origin !== ''),
    )
    .refine(
      (list) => list.every(isOrigin),
      'should be a list of addresses such as https://class.example, with commas between them',
    ),
  COMFYUI_URL: text
    .refine(
      (address) => URL.canParse(address.replaceAll('{user}', 'a'), 'http://host') && /^(https?:\/\/|\/)/.test(address),
      'should be an http or https address, or a path such as /comfy/{user}/',
    )
    .optional(),
  COMFYUI_ORIGIN: z
    .string()
    .transform((address) => address.trim().replace(/\/+$/, ''))
    .refine(isOrigin, 'should be an address without a path, such as https://comfyui.class.example')
    .optional(),
  METRICS_TOKEN: z
    .string()
    .regex(/^\S{8,}$/, 'should have at least 8 characters, and no spaces')
    .optional(),
  MONITORING: listOf(tool, 'a tool').optional(),
  LOG_LEVEL: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent').default('info'),
  VERDA_CLIENT_ID: text.optional(),
  VERDA_CLIENT_SECRET: text.optional(),
  VERDA_BASE_URL: httpAddress.default('https://api.verda.com/v1'),
  VERDA_DRY_RUN: oneOf('on', 'off').default('off'),
  SFS_WATCH: oneOf('auto', 'events', 'poll').default('auto'),
  SFS_POLL_MS: whole(50, 60_000).default(1000),
  BACKUP_DIR: text.optional(),
  BACKUP_HOURS: whole(1, 24 * 30).default(24),
  BACKUP_KEEP: whole(1, 1000).default(7),
});

export type Config = {
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string | null;
  readonly dataDir: string;
  readonly databaseUrl: string;
  readonly sfsDir: string;
  readonly outputsDir: string;
  readonly modelsDir: string;
  readonly endpoints: readonly z.infer<typeof endpoint>[];
  /** The variables that may hold a key of an endpoint, besides COMFY_KEY…: what ENDPOINT_KEYS lists and ENDPOINTS names. */
  readonly endpointKeys: readonly string[];
  readonly demo: boolean;
  readonly admin: { readonly name: string; readonly password: string | null };
  readonly allowedOrigins: readonly string[];
  /** Where a participant’s ComfyUI is, `{user}` standing for the name; null = nowhere that we know of. */
  readonly comfyuiUrl: string | null;
  /** Where ComfyUI tabs are and nothing else is; null = they are at the gallery’s address. */
  readonly comfyuiOrigin: string | null;
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
    dataDir,
    databaseUrl: env.DATABASE_URL ?? `file:${dataDir}/comfyume.db`,
    sfsDir,
    outputsDir: resolve(env.OUTPUTS_DIR ?? `${dataDir}/outputs`),
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
