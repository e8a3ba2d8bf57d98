import { z } from 'zod';
import { httpAddress } from '#src/domain/endpoints/endpoint.ts';

const text = z.string().trim().min(1, 'should not be empty');

/** Results, what is made from them and archives in a bucket. Each with what docs/configuration.md says of it. */
export const s3Variables = {
  S3_BUCKET: text
    .regex(/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/i, 'should be the name of a bucket, without its address')
    .optional()
    .describe(
      'A bucket of an S3-compatible storage for the participants’ files, instead of `OUTPUTS_DIR`, which then has working copies only ([object storage](object-storage.md)). Set with `S3_ACCESS_KEY_ID` and `S3_SECRET_ACCESS_KEY`.',
    ),
  S3_ENDPOINT: httpAddress
    .optional()
    .describe('The address of the storage, such as `https://s3.example.com`. Without it, Amazon S3.'),
  S3_REGION: text.default('us-east-1').describe('The region of the bucket. Many storages take any name.'),
  S3_PREFIX: z
    .string()
    .trim()
    .transform((path) => path.replace(/^\/+|\/+$/g, ''))
    .refine(
      (path) => path === '' || path.split('/').every((part) => !['', '.', '..'].includes(part)),
      'should be a path such as class/2026',
    )
    .default('')
    .describe('A path in the bucket below which everything is stored, so that several installations can share it.'),
  S3_ACCESS_KEY_ID: text.optional().describe('The key that may list, read, write and delete there.'),
  S3_SECRET_ACCESS_KEY: text.optional().describe('The secret of that key.'),
  S3_PATH_STYLE: z
    .enum(['on', 'off'], 'should be "on" or "off"')
    .optional()
    .describe(
      'Whether the bucket is in the path of addresses (`on`) or in their host name (`off`). By default `on` with `S3_ENDPOINT`, `off` without.',
    ),
  S3_CACHE_GB: z.coerce
    .number({ error: 'should be a whole number from 1 to 10000' })
    .int('should be a whole number from 1 to 10000')
    .min(1, 'should be a whole number from 1 to 10000')
    .max(10_000, 'should be a whole number from 1 to 10000')
    .default(10)
    .describe('How much disk space of `OUTPUTS_DIR` copies of files in the bucket may take, in GB.'),
};

type Said = z.infer<z.ZodObject<typeof s3Variables>>;

/** Null = files are in folders. */
export type S3Config = {
  readonly endpoint: string | null;
  readonly region: string;
  readonly bucket: string;
  /** Ends with `/`, or is empty. */
  readonly prefix: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly pathStyle: boolean;
  readonly cacheBytes: number;
};

export function s3Faults(set: Readonly<Record<string, string | undefined>>): string[] {
  const names = Object.keys(s3Variables).filter((name) => set[name] !== undefined);
  if (names.length === 0) return [];
  if (set.S3_BUCKET === undefined) return [`S3_BUCKET is missing: without it, ${names.join(', ')} change nothing`];
  return ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY']
    .filter((name) => set[name] === undefined)
    .map((name) => `${name} is missing: the bucket of S3_BUCKET is used with a key and its secret`);
}

export function s3Config(said: Said): S3Config | null {
  const { S3_BUCKET: bucket, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = said;
  if (bucket === undefined || accessKeyId === undefined || secretAccessKey === undefined) return null;
  return {
    endpoint: said.S3_ENDPOINT ?? null,
    region: said.S3_REGION,
    bucket,
    prefix: said.S3_PREFIX === '' ? '' : `${said.S3_PREFIX}/`,
    accessKeyId,
    secretAccessKey,
    pathStyle: said.S3_PATH_STYLE === undefined ? said.S3_ENDPOINT !== undefined : said.S3_PATH_STYLE === 'on',
    cacheBytes: said.S3_CACHE_GB * 1_000_000_000,
  };
}
