import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { buffer } from 'node:stream/consumers';
import yauzl from 'yauzl';
import { AppError, appErrorIn } from '#src/domain/errors.ts';
import {
  type FrontEnd,
  type FrontEndFile,
  MAX_BYTES,
  MAX_FILE_BYTES,
  MAX_FILES,
  PAGE,
} from '#src/domain/front-end/front-end.ts';
import { GIVEN_PLACES } from '#src/domain/front-end/given.ts';
import { staticPath, typeByEnding } from '#src/domain/front-end/paths.ts';
import { fileSize } from '#src/domain/measures.ts';
import type { FrontEndStore } from '#src/ports/comfyui/front-end.ts';
import { systemCode } from '../file-errors.ts';

type Entry = { readonly path: string; readonly bytes: number; read(): Promise<Buffer> };
type Found = { readonly entries: readonly Entry[]; readonly version: string | null; close(): void };

const fault = (message: string, cause?: unknown): AppError =>
  new AppError('invalid_input', `COMFYUI_FRONTEND ${message}`, { cause });

/** A wheel is a zip; its names and lengths are checked before anything is read. */
async function inWheel(path: string): Promise<Found> {
  const zip = await yauzl.openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: true });
  try {
    const entries: Entry[] = [];
    let version: string | null = null;
    for await (const entry of zip.eachEntry()) {
      if (entries.length > MAX_FILES) throw fault(`"${path}" has more than ${MAX_FILES} files.`);
      const { fileName, uncompressedSize } = entry;
      if (fileName.endsWith('/')) continue;
      version ??= /^[^/]+-([\w.]+)\.dist-info\//.exec(fileName)?.[1] ?? null;
      const read = async (): Promise<Buffer> => buffer(await zip.openReadStreamPromise(entry));
      entries.push({ path: fileName, bytes: uncompressedSize, read });
    }
    return { entries, version, close: () => zip.close() };
  } catch (error) {
    zip.close();
    throw error;
  }
}

/** Links are not followed. */
async function inFolder(given: string): Promise<Found> {
  const places = GIVEN_PLACES.map((place) => join(given, place));
  const dir = places.find((place) => existsSync(join(place, PAGE))) ?? given;
  const entries: Entry[] = [];
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    if (entries.length > MAX_FILES)
      throw fault(`"${dir}" has more than ${MAX_FILES} files: name the folder of the built front end.`);
    const path = join(entry.parentPath, entry.name);
    const { size } = await stat(path);
    entries.push({ path: relative(dir, path).split(sep).join('/'), bytes: size, read: () => readFile(path) });
  }
  return { entries, version: null, close: () => undefined };
}

async function take({ entries, version }: Found, path: string, put: FrontEndStore['put']): Promise<FrontEnd> {
  const place = GIVEN_PLACES.find((one) => entries.some((entry) => entry.path === `${one}${PAGE}`));
  if (place === undefined) throw fault(`"${path}" has no ${PAGE}: it is no front end of ComfyUI.`);
  const own = entries.filter((entry) => entry.path.startsWith(place));
  if (own.reduce((sum, { bytes }) => sum + bytes, 0) > MAX_BYTES)
    throw fault(`"${path}" has more than ${fileSize(MAX_BYTES)}: name the folder of the built front end.`);
  const files = new Map<string, FrontEndFile>();
  for (const entry of own) {
    const name = staticPath(entry.path.slice(place.length));
    if (name === null) continue;
    if (entry.bytes > MAX_FILE_BYTES) throw fault(`"${path}": ${name} has more than ${fileSize(MAX_FILE_BYTES)}.`);
    const bytes = await entry.read();
    const type = typeByEnding(name) ?? 'application/octet-stream';
    files.set(name, { sha256: await put(bytes), type, bytes: bytes.length });
  }
  const hashes = [...files].map(([name, { sha256 }]) => `${name} ${sha256}`).sort();
  return {
    key: createHash('sha256').update(hashes.join('\n')).digest('hex'),
    capturedAt: 0,
    versions: { comfyui: null, frontEnd: version, requiredFrontEnd: null },
    files,
    extras: new Map(),
    extensions: [...files.keys()].filter((name) => /^extensions\/.+\.js$/.test(name)).sort(),
    leftOut: [],
  };
}

/** The operator's own front end, a folder or a wheel; an AppError in words for whoever set COMFYUI_FRONTEND. */
export async function readGivenFrontEnd(path: string, put: FrontEndStore['put']): Promise<FrontEnd> {
  let found: Found | null = null;
  try {
    found = (await stat(path)).isDirectory() ? await inFolder(path) : await inWheel(path);
    return await take(found, path, put);
  } catch (error) {
    if (appErrorIn(error)) throw error;
    const said = systemCode(error) ?? (error instanceof Error ? error.message : String(error));
    throw fault(`"${path}" cannot be read (${said}). Check the file, or set another one.`, error);
  } finally {
    found?.close();
  }
}
