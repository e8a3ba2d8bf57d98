import { createHash } from 'node:crypto';
import { open, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { AppError } from '#src/domain/errors.ts';
import { typeByName } from '#src/domain/files/type-by-name.ts';
import { formatRule } from '#src/domain/formats/format.ts';
import type { FileType } from '#src/domain/formats/reading/verdict.ts';
import { oneAtATime } from '#src/domain/one-at-a-time.ts';
import type { FileStore } from '#src/ports/files/file-store.ts';
import type { Delivered, Gallery } from '#src/ports/gallery.ts';
import type { Log } from '#src/ports/log.ts';
import { noRoom, storageError } from '../file-errors.ts';
import { answer } from '../media/answer.ts';
import { createDerived } from '../media/derived.ts';
import { readEmbeddedJobId } from '../media/embedded-job-id.ts';
import { readFacts } from '../media/facts.ts';
import { preparePictures } from '../media/pictures.ts';
import type { BoundedCalls } from '../share/bounded-share.ts';
import { copyUnchanged } from './copy.ts';

/** Where delivered files are, and what is made from them. */
type Stores = { readonly results: FileStore; readonly derived: FileStore };

const SILENT: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

export function createGallery(
  shareOutputs: string,
  { results, derived: made }: Stores,
  bounded: BoundedCalls = (_, call) => call(),
  log: Log = SILENT,
): Gallery {
  const shareOutputsDir = resolve(shareOutputs);
  const derived = createDerived(made, { now: Date.now, log });
  const inTurn = oneAtATime();

  /** Always the same name for the same target, so that retries cannot fill the disk. */
  const draftFor = (path: string): string => results.draft(createHash('sha256').update(path).digest('hex'));

  /** Makes a file beside the others, and puts it in place unless other content is there. Nothing is left of one that fails. */
  async function store<Made extends Content>(
    path: string,
    replaces: string | null,
    make: (draft: string) => Promise<Made>,
  ): Promise<Made | 'taken'> {
    checked(path);
    return inTurn(path, async () => {
      const draft = draftFor(path);
      try {
        const content = await make(draft);
        if (await isTaken(results, path, content, replaces)) {
          await rm(draft, { force: true });
          return 'taken';
        }
        await results.put(draft, path, content.sha256);
        return content;
      } catch (error) {
        await rm(draft, { force: true });
        throw storageError(error, path);
      }
    });
  }

  async function* read(path: string): AsyncGenerator<Uint8Array> {
    const opened = await results.open(checked(path)).catch((error: unknown) => {
      throw storageError(error, path);
    });
    if (!opened) throw new AppError('not_found', 'The file of this result no longer exists.');
    try {
      if (opened.bytes > 0) yield* opened.read(0, opened.bytes);
    } catch (error) {
      throw storageError(error, path);
    } finally {
      await opened.close();
    }
  }

  return {
    read,
    open: async (path) => results.open(checked(path)),
    size: async (path) => {
      const found = await results.size(checked(path));
      return found === 'no file' ? null : found;
    },
    local: async (path, use) => results.local(checked(path), use),
    async duplicate(path, to) {
      const copied = await store(to, null, (draft) =>
        results.local(checked(path), async (file) => {
          const { size: bytes, mtimeMs } = await stat(file);
          await expectRoom(draft, bytes, to);
          const source = { root: dirname(file), path: basename(file), bytes, mtimeMs };
          return { bytes, sha256: await copyUnchanged(source, draft, (_, call) => call()) };
        }),
      );
      return copied === 'taken' ? 'taken' : 'copied';
    },
    prepare: preparePictures,
    discard: async (path) => inTurn(checked(path), () => results.remove(path)),
    derive: (what, resultId, path, facts) =>
      derived.derive(what, resultId, (use) => results.local(checked(path), use), facts),
    async thumbnail(resultId, path, facts) {
      const made = await derived.derive('thumbnail', resultId, (use) => results.local(checked(path), use), facts);
      return made.state === 'there' ? made.local(async (file) => file) : null;
    },
    discardDerived: derived.discard,
    close: derived.close,
    putText: (path, text) =>
      store(path, null, async (draft): Promise<Delivered> => {
        const content = Buffer.from(text);
        await writeFile(draft, content, { flush: true });
        const facts = await readFacts(draft, await typeOf(draft, path, false));
        return { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex'), facts };
      }),
    isFree: async (path) => (await results.size(checked(path))) === null,
    importFile: (source, { path, replaces }, jobId, unfinished = false) =>
      store(path, replaces, async (draft): Promise<Delivered> => {
        const { folder, bytes, mtimeMs } = source;
        const known = { root: shareOutputsDir, path: `${folder}/${source.path}`, bytes, mtimeMs };
        // Or every try would fill the disk before it fails, with nothing left for smaller files.
        await expectRoom(draft, bytes, path);
        const sha256 = await copyUnchanged(known, draft, bounded);
        const type = await typeOf(draft, path, unfinished);
        const embedded = await readEmbeddedJobId(draft, type);
        if (embedded !== null && jobId !== null && embedded !== jobId) {
          throw new AppError('foreign_file', `"${source.path}" carries the id of another job and is not delivered.`);
        }
        return { bytes, sha256, facts: await readFacts(draft, type) };
      }),
  };
}

function checked(path: string): string {
  if (!/^[^./\\][^/]*\/./.test(path) || /[\p{Cc}\\]/u.test(path)) {
    throw new AppError('invalid_input', `"${path}" is not the path of a result.`);
  }
  return path;
}

async function expectRoom(draft: string, bytes: number, path: string): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(draft));
  if (bytes > bavail * bsize) throw noRoom(path);
}

/** The copy is judged, not the source: what arrived must be whole. */
async function typeOf(file: string, path: string, unfinished: boolean): Promise<FileType> {
  const handle = await open(file);
  try {
    const verdict = await answer(handle, formatRule(basename(path), (await handle.stat()).size));
    if (verdict.state === 'whole' || verdict.state === 'unproven') return { kind: verdict.kind, mime: verdict.mime };
    if (unfinished) return typeByName(path);
    throw new AppError('file_changed', `"${path}" is incomplete: ${verdict.why}.`);
  } finally {
    await handle.close();
  }
}

type Content = { readonly bytes: number; readonly sha256: string };

/** Whether something has this name that is neither this content already nor what it replaces. */
async function isTaken(
  store: FileStore,
  path: string,
  { bytes, sha256 }: Content,
  replaces: string | null,
): Promise<boolean> {
  const found = await store.size(path);
  if (found === null) return false;
  if (found === 'no file' || (found !== bytes && replaces === null)) return true;
  const there = await store.sha256(path);
  return there !== sha256 && there !== replaces;
}
