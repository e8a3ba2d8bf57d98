import { z } from 'zod';

const file = z.object({
  /** Below the participants' files, or below the share's inputs. */
  root: z.enum(['outputs', 'inputs']),
  path: z.string().min(1),
  bytes: z.number().int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type BackedUpFile = z.infer<typeof file>;

export const manifest = z.object({
  madeAt: z.iso.datetime(),
  version: z.string(),
  files: z.array(file),
  /** Files that the database names and that were not there, or were others. */
  missing: z.array(file),
});
export type Manifest = z.infer<typeof manifest>;

/** A folder's name that says when, sorts by time, and is allowed everywhere. */
export const backupName = (at: number): string =>
  new Date(at)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-');

export const isBackupName = (name: string): boolean => /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/.test(name);

/** Where the pool of a backup folder keeps the file with these bytes: once, whichever backups hold it. */
export const pooledAs = (sha256: string): string => `files/${sha256.slice(0, 2)}/${sha256}`;

/** The oldest backups, beyond those that are kept. */
export const tooMany = (names: readonly string[], keep: number): string[] => [...names].sort().slice(0, -keep);

export const backupIsDue = (newestAt: number | null, everyMs: number, now: number): boolean =>
  newestAt === null || now - newestAt >= everyMs || newestAt > now;
