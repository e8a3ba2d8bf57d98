import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { stringify } from 'csv-stringify/sync';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { AppError } from '#src/domain/errors.ts';
import { CSV_FORMAT } from '#src/domain/files/csv.ts';
import type { Archive, ArchiveStore, ArchiveWriter } from '#src/ports/archives.ts';
import { isMissing, storageError } from '../file-errors.ts';

const DESCRIPTION = 'parcel.json';
const CHUNK = 256 * 1024;
/** Of a file's CRC only a number is kept; those asked for longest ago are forgotten and worked out again. */
const MAX_CRCS = 50_000;
/** Archives that are being downloaded just now; any other is read from the disk when it is asked for. */
const MAX_OPEN = 8;

const content = z.discriminatedUnion('type', [
  z.object({ type: z.literal('result'), path: z.string(), sha256: z.string() }),
  z.object({ type: z.literal('made'), file: z.string(), at: z.number() }),
]);
const archive: z.ZodType<Archive> = z.object({
  id: z.string(),
  userId: z.string().nullable(),
  filename: z.string(),
  missing: z.number(),
  files: z.array(z.object({ name: z.string(), bytes: z.number(), time: z.number(), clock: z.number(), content })),
});
type File = Archive['files'][number];

/** Archives to download, one folder each below `dir`. What a crash left half packed is thrown away at the start. */
export function createArchiveStore(dir: string, locate: (path: string) => string): ArchiveStore {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    rmSync(join(dir, '.packing'), { recursive: true, force: true });
  } catch (error) {
    throw storageError(error, dir);
  }
  const folderOf = (ticket: string): string => join(dir, ticket);

  /** Now, for what is being put in its place just now. */
  async function packedAt(ticket: string): Promise<number> {
    try {
      return (await stat(folderOf(ticket))).mtimeMs;
    } catch (error) {
      if (isMissing(error)) return Number.POSITIVE_INFINITY;
      throw storageError(error, folderOf(ticket));
    }
  }

  async function load(ticket: string): Promise<Archive | null> {
    try {
      return archive.parse(JSON.parse(await readFile(join(folderOf(ticket), DESCRIPTION), 'utf8')));
    } catch (error) {
      if (isMissing(error)) return null;
      throw storageError(error, folderOf(ticket));
    }
  }
  const parcels = new LRUCache<string, Promise<Archive | null>>({ max: MAX_OPEN, memoMethod: load });
  const crcs = new LRUCache<string, Promise<number>, { ticket: string; file: File }>({
    max: MAX_CRCS,
    memoMethod: (_key, _stale, { context }) => workOut(context.ticket, context.file),
  });

  async function* read(ticket: string, file: File, from: number, to: number): AsyncGenerator<Uint8Array> {
    const { content } = file;
    const path = content.type === 'result' ? locate(content.path) : join(folderOf(ticket), content.file);
    const start = content.type === 'result' ? 0 : content.at;
    if (to <= from) return;
    const handle = await open(path);
    try {
      if (content.type === 'result' && (await handle.stat()).size !== file.bytes)
        throw new AppError('file_changed', `"${content.path}" has changed since it was packed.`);
      for (let at = start + from; at < start + to; ) {
        const buffer = Buffer.allocUnsafe(Math.min(CHUNK, start + to - at));
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
        if (bytesRead === 0) throw new AppError('file_changed', `"${file.name}" is shorter than before.`);
        yield buffer.subarray(0, bytesRead);
        at += bytesRead;
      }
    } finally {
      await handle.close();
    }
  }

  async function workOut(ticket: string, file: File): Promise<number> {
    let crc = 0;
    for await (const part of read(ticket, file, 0, file.bytes)) crc = crc32(part, crc);
    return crc;
  }

  return {
    ticketFor: (facts) => createHash('sha256').update(facts).digest('hex').slice(0, 32),
    find: (ticket) => {
      if (!/^[0-9a-f]{32}$/.test(ticket)) return Promise.resolve(null);
      const found = parcels.memo(ticket);
      // What is not there may be there the next time.
      found.then(
        (archive) => archive === null && parcels.delete(ticket),
        () => parcels.delete(ticket),
      );
      return found;
    },

    async pack(ticket, fill) {
      const id = randomUUID();
      const folder = join(dir, '.packing', id);
      const handles = new Map<string, { handle: FileHandle; length: number }>();
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const append: ArchiveWriter['append'] = async (file, part) => {
          const made = handles.get(file) ?? { handle: await open(join(folder, file), 'wx'), length: 0 };
          handles.set(file, made);
          const bytes = typeof part === 'string' ? Buffer.from(part) : part;
          const at = made.length;
          await made.handle.writeFile(bytes);
          made.length += bytes.length;
          return { at, bytes: bytes.length };
        };
        const filled = await fill({
          append,
          appendRows: (file, rows) => append(file, stringify([...rows], { ...CSV_FORMAT, bom: !handles.has(file) })),
        });
        const packed = { ...filled, id };
        await writeFile(join(folder, DESCRIPTION), JSON.stringify(packed));
        await rm(folderOf(ticket), { recursive: true, force: true });
        await rename(folder, folderOf(ticket));
        parcels.delete(ticket);
        return packed;
      } catch (error) {
        throw storageError(error, folderOf(ticket));
      } finally {
        for (const { handle } of handles.values()) await handle.close();
        await rm(folder, { recursive: true, force: true });
      }
    },

    async clear(before, most) {
      const tickets = (await readdir(dir)).filter((name) => name !== '.packing');
      const packed = await Promise.all(tickets.map(async (ticket) => ({ ticket, at: await packedAt(ticket) })));
      packed.sort((a, b) => b.at - a.at);
      for (const [index, { ticket, at }] of packed.entries()) {
        if (at >= before && index < most) continue;
        parcels.delete(ticket);
        await rm(folderOf(ticket), { recursive: true, force: true });
      }
    },

    async size(path) {
      try {
        const found = await stat(locate(path));
        return found.isFile() ? found.size : null;
      } catch (error) {
        if (isMissing(error)) return null;
        throw storageError(error, path);
      }
    },

    crc(ticket, file) {
      const { content } = file;
      const key = content.type === 'result' ? content.sha256 : `${ticket}/${content.file}/${content.at}/${file.bytes}`;
      const crc = crcs.memo(key, { context: { ticket, file } });
      crc.catch(() => crcs.delete(key));
      return crc;
    },
    read,
  };
}
