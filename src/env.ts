import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';

const text = z.string().trim().min(1);
const url = z.url({ protocol: /^https?$/, error: 'should be an http or https address' });

const endpoint = z.strictObject({
  name: text,
  url,
  gpu: z.string().trim().default(''),
  pricing: z.enum(['spot', 'on-demand']).default('on-demand'),
  capacity: z.number().int().min(1).max(1000).default(1),
  apiKeyVariable: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'should be the name of an environment variable')
    .nullable()
    .default(null),
});

const endpoints = text.transform((value, context): z.infer<typeof endpoint>[] => {
  const refuse = (message: string) => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  const inline = value.startsWith('[');
  if (!inline && !existsSync(value)) return refuse(`should be a JSON list or the path of a file with one; there is no file "${value}"`);
  let json: unknown;
  try {
    json = JSON.parse(inline ? value : readFileSync(value, 'utf8'));
  } catch (error) {
    return refuse(`is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const list = z.array(endpoint).safeParse(json);
  if (!list.success) return refuse(list.error.issues.map((issue) => `${issue.path.join('.') || 'list'}: ${issue.message}`).join('; '));
  const names = list.data.map(({ name }) => name);
  if (new Set(names).size < names.length) return refuse('names an endpoint twice');
  return list.data;
});

const variables = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  HOST: text.default('localhost'),
  PUBLIC_URL: url.optional(),
  DATA_DIR: text.default('./data'),
  DATABASE_URL: text.regex(/^file:/, 'should begin with "file:" (PostgreSQL is not served by this version yet)').optional(),
  SFS_DIR: text.optional(),
  OUTPUTS_DIR: text.optional(),
  ENDPOINTS: endpoints.optional(),
  DEMO: z.enum(['on', 'off']).optional(),
  ADMIN_NAME: text.default('teacher'),
  ADMIN_PASSWORD: z.string().min(8, 'should have at least 8 characters').optional(),
  ALLOWED_ORIGINS: z
    .string()
    .default('')
    .transform((list) => list.split(',').map((origin) => origin.trim().replace(/\/+$/, '')).filter((origin) => origin !== ''))
    .pipe(z.array(url)),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  SFS_WATCH: z.enum(['auto', 'events', 'poll']).default('auto'),
  SFS_POLL_MS: z.coerce.number().int().min(50).max(60_000).default(1000),
});

export type Config = {
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string | null;
  readonly dataDir: string;
  readonly databaseUrl: string;
  readonly sfsDir: string;
  readonly outputsDir: string;
  readonly endpoints: readonly z.infer<typeof endpoint>[];
  readonly demo: boolean;
  readonly admin: { readonly name: string; readonly password: string | null };
  readonly allowedOrigins: readonly string[];
  readonly logLevel: string;
  readonly watch: 'auto' | 'events' | 'poll';
  readonly pollMs: number;
};

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Strings in, typed config out. An empty variable counts as not set. All faults are told together. */
export function readConfig(source: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = variables.safeParse(set);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `  ${String(issue.path[0])} ${lowerFirst(issue.message)}`);
    throw new ConfigError(`The configuration is not right:\n${[...new Set(faults)].join('\n')}`);
  }
  const env = parsed.data;
  const demo = env.DEMO === undefined ? env.ENDPOINTS === undefined : env.DEMO === 'on';
  const faults: string[] = [];
  if (demo && env.ENDPOINTS !== undefined) faults.push('  DEMO is on, but ENDPOINTS names real ones: set only one of them');
  if (env.ENDPOINTS !== undefined && env.SFS_DIR === undefined)
    faults.push('  SFS_DIR is missing: with ENDPOINTS it has to name the folder where the shared file system is mounted');
  for (const { name, apiKeyVariable } of env.ENDPOINTS ?? [])
    if (apiKeyVariable !== null && !source[apiKeyVariable]) faults.push(`  ${apiKeyVariable} is missing: endpoint "${name}" takes its key from it`);
  if (faults.length > 0) throw new ConfigError(`The configuration is not right:\n${faults.join('\n')}`);

  const dataDir = resolve(env.DATA_DIR);
  return {
    port: env.PORT,
    host: env.HOST,
    publicUrl: env.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    dataDir,
    databaseUrl: env.DATABASE_URL ?? `file:${dataDir}/comfyume.db`,
    sfsDir: resolve(env.SFS_DIR ?? `${dataDir}/sfs`),
    outputsDir: resolve(env.OUTPUTS_DIR ?? `${dataDir}/outputs`),
    endpoints: env.ENDPOINTS ?? [],
    demo,
    admin: { name: env.ADMIN_NAME, password: env.ADMIN_PASSWORD ?? null },
    allowedOrigins: env.ALLOWED_ORIGINS,
    logLevel: env.LOG_LEVEL,
    watch: env.SFS_WATCH,
    pollMs: env.SFS_POLL_MS,
  };
}

const lowerFirst = (sentence: string): string => sentence.charAt(0).toLowerCase() + sentence.slice(1);

/** The only reader of the process environment. */
export const readProcessConfig = (): Config => readConfig(process.env);
export const readSecret = (variable: string): string | undefined => process.env[variable];
