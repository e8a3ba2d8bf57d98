import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { FrontEnd, FrontEndFile } from '#src/domain/front-end/front-end.ts';
import { staticPath } from '#src/domain/front-end/paths.ts';
import type { FrontEndStore } from '#src/ports/comfyui/front-end.ts';
import { ifThere, isMissing, storageError } from '../file-errors.ts';

/** Longer than it takes to read a page from a worker: until then no description names its files. */
const BEING_READ_MS = 3_600_000;
const PREFIX = 'endpoint-';
const ENDING = '.json';
const HASH = /^[0-9a-f]{64}$/;
const file = z.object({ sha256: z.string().regex(HASH), type: z.string(), bytes: z.number() });
const files = z
  .array(z.tuple([z.string().refine((path) => staticPath(path) === path), file]))
  .transform((entries) => new Map(entries));
const versions = z.object({
  comfyui: z.string().nullable(),
  frontEnd: z.string().nullable(),
  requiredFrontEnd: z.string().nullable(),
});
const frontEnd: z.ZodType<FrontEnd> = z.object({
  key: z.string(),
  capturedAt: z.number(),
  versions,
  files,
  extras: files,
  extensions: z.array(z.string()),
  leftOut: z.array(z.string()),
});
const kept = z.object({ current: frontEnd, previous: frontEnd.nullable() });
type Kept = z.infer<typeof kept>;

const plain = ({ files, extras, ...rest }: FrontEnd) => ({ ...rest, files: [...files], extras: [...extras] });

/**
 * `<dir>/files/<sha256>` and one description for each endpoint, which maps paths to hashes: no path that a worker has named ever becomes one here. A
 * description is replaced by a rename, so there is always a whole one.
 */
export function createFrontEndStore(dir: string): FrontEndStore {
  const filesDir = join(dir, 'files');
  const pathOf = ({ sha256 }: Pick<FrontEndFile, 'sha256'>): string => join(filesDir, sha256);
  const nameOf = (endpointId: string): string => `${PREFIX}${encodeURIComponent(endpointId)}${ENDING}`;
  const descriptionOf = (endpointId: string): string => join(dir, nameOf(endpointId));

  async function write(path: string, bytes: Uint8Array | string): Promise<void> {
    const temporary = join(dir, `.${randomUUID()}`);
    try {
      await mkdir(filesDir, { recursive: true, mode: 0o700 });
      await writeFile(temporary, bytes, { flush: true });
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw storageError(error, path);
    }
  }

  /** What cannot be read is read from a worker again. */
  async function load(name: string): Promise<Kept | null> {
    const text = await ifThere(readFile(join(dir, name), 'utf8'));
    if (text === null) return null;
    try {
      return kept.parse(JSON.parse(text));
    } catch {
      return null;
    }
  }

  async function all(): Promise<Map<string, Kept>> {
    const names = (await ifThere(readdir(dir))) ?? [];
    const found = new Map<string, Kept>();
    for (const name of names.filter((one) => one.startsWith(PREFIX) && one.endsWith(ENDING))) {
      const one = await load(name);
      if (one) found.set(decodeURIComponent(name.slice(PREFIX.length, -ENDING.length)), one);
    }
    return found;
  }

  /** What is new may be another process' that is reading a page just now. */
  async function removeOld(path: string): Promise<void> {
    const there = await ifThere(stat(path));
    if (there && there.mtimeMs < Date.now() - BEING_READ_MS) await rm(path, { force: true });
  }

  return {
    all,
    async put(bytes) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const there = await ifThere(stat(pathOf({ sha256 })));
      const now = new Date();
      // A new time, so that no process that cleans up takes it before a description names it.
      const isKept =
        there?.size === bytes.length && (await ifThere(utimes(pathOf({ sha256 }), now, now).then(() => true)));
      if (!isKept) await write(pathOf({ sha256 }), bytes);
      return sha256;
    },

    async read(file) {
      if (!HASH.test(file.sha256)) return null;
      try {
        const bytes = await readFile(pathOf(file));
        return bytes.length === file.bytes ? bytes : null;
      } catch (error) {
        if (isMissing(error)) return null;
        throw storageError(error, pathOf(file));
      }
    },

    async keep(endpointId, next) {
      const before = await load(nameOf(endpointId));
      const previous = before?.current.key === next.key ? before.previous : (before?.current ?? null);
      await write(
        descriptionOf(endpointId),
        JSON.stringify({ current: plain(next), previous: previous && plain(previous) }),
      );
    },

    async cleanUp(endpointIds, besides) {
      const ids = new Set(endpointIds);
      const known = await all();
      for (const id of known.keys()) if (!ids.has(id)) await rm(descriptionOf(id), { force: true });
      const pages = [...known]
        .filter(([id]) => ids.has(id))
        .flatMap(([, { current, previous }]) => [current, previous]);
      const named = new Set([
        ...besides.map(({ sha256 }) => sha256),
        ...pages
          .flatMap((page) => (page ? [...page.files.values(), ...page.extras.values()] : []))
          .map(({ sha256 }) => sha256),
      ]);
      for (const name of (await ifThere(readdir(filesDir))) ?? [])
        if (!named.has(name)) await removeOld(join(filesDir, name));
      for (const name of (await ifThere(readdir(dir))) ?? [])
        if (/^\.[0-9a-f-]{36}$/.test(name)) await removeOld(join(dir, name));
    },
  };
}
