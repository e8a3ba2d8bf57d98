import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, rm, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { stringify } from 'csv-stringify/sync';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { AppError } from '#src/domain/errors.ts';
import { CSV_FORMAT } from '#src/domain/files/csv.ts';
import type { Archive, ArchiveStore, ArchiveWriter } from '#src/ports/files/archives.ts';
import type { FileStore } from '#src/ports/files/file-store.ts';
import type { Gallery } from '#src/ports/gallery.ts';
import { storageError } from '../file-errors.ts';

const DESCRIPTION = 'parcel.json';
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

/** Archives to download, one folder each. Its description is put there last: before, there is no archive. */
export function createArchiveStore(store: FileStore, results: Pick<Gallery, 'open' | 'size'>): ArchiveStore {
  async function load(ticket: string): Promise<Archive | null> {
    const path = `${ticket}/${DESCRIPTION}`;
    try {
      const opened = await store.open(path);
      if (!opened) return null;
      try {
        return archive.parse(JSON.parse(await text(opened.read(0, opened.bytes))));
      } finally {
        await opened.close();
      }
    } catch (error) {
      throw storageError(error, path);
    }
  }
  const sizeOf = (ticket: string) =>
    store.size(`${ticket}/${DESCRIPTION}`).catch((error: unknown) => {
      throw storageError(error, ticket);
    });
  const parcels = new LRUCache<string, Promise<Archive | null>>({ max: MAX_OPEN, memoMethod: load });
  const crcs = new LRUCache<string, Promise<number>, { ticket: string; file: File }>({
    max: MAX_CRCS,
    memoMethod: (_key, _stale, { context }) => workOut(context.ticket, context.file),
  });

  async function* read(ticket: string, file: File, from: number, to: number): AsyncGenerator<Uint8Array> {
    const { content } = file;
    if (to <= from) return;
    const start = content.type === 'result' ? 0 : content.at;
    const opened = await (content.type === 'result'
      ? results.open(content.path)
      : store.open(`${ticket}/${content.file}`));
    if (!opened) throw new AppError('not_found', `"${file.name}" no longer exists.`);
    try {
      if (content.type === 'result' && opened.bytes !== file.bytes)
        throw new AppError('file_changed', `"${content.path}" has changed since it was packed.`);
      let left = to - from;
      for await (const part of opened.read(start + from, start + to)) {
        left -= part.length;
        yield part;
      }
      if (left > 0) throw new AppError('file_changed', `"${file.name}" is shorter than before.`);
    } finally {
      await opened.close();
    }
  }

  async function workOut(ticket: string, file: File): Promise<number> {
    let crc = 0;
    for await (const part of read(ticket, file, 0, file.bytes)) crc = crc32(part, crc);
    return crc;
  }

  return {
    ticketFor: (facts) => createHash('sha256').update(facts).digest('hex').slice(0, 32),
    async find(ticket) {
      if (!/^[0-9a-f]{32}$/.test(ticket)) return null;
      // Another process may have removed it.
      if (parcels.has(ticket) && (await sizeOf(ticket)) === null) parcels.delete(ticket);
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
      const parts = new Map<string, { draft: string; handle: FileHandle; length: number }>();
      const description = store.draft(randomUUID());
      try {
        const append: ArchiveWriter['append'] = async (file, part) => {
          const made = parts.get(file) ?? (await begin(store.draft(randomUUID())));
          parts.set(file, made);
          const bytes = typeof part === 'string' ? Buffer.from(part) : part;
          const at = made.length;
          await made.handle.writeFile(bytes);
          made.length += bytes.length;
          return { at, bytes: bytes.length };
        };
        const filled = await fill({
          append,
          appendRows: (file, rows) => append(file, stringify([...rows], { ...CSV_FORMAT, bom: !parts.has(file) })),
        });
        for (const [file, { draft, handle }] of parts) {
          await handle.close();
          await store.put(draft, `${ticket}/${id}/${file}`, null);
        }
        const packed = { ...filled, id, files: filled.files.map((file) => placed(file, id)) };
        await writeFile(description, JSON.stringify(packed));
        await store.put(description, `${ticket}/${DESCRIPTION}`, null);
        parcels.delete(ticket);
        return packed;
      } catch (error) {
        throw storageError(error, ticket);
      } finally {
        for (const { draft, handle } of parts.values()) {
          await handle.close();
          await rm(draft, { force: true });
        }
        await rm(description, { force: true });
      }
    },

    async clear(before, most) {
      const packed = (await store.folders()).sort((a, b) => b.changedAt - a.changedAt);
      for (const [index, { name, changedAt }] of packed.entries()) {
        if (changedAt >= before && index < most) continue;
        parcels.delete(name);
        await store.removeFolder(name);
      }
    },

    size: results.size,

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

const begin = async (draft: string) => ({ draft, handle: await open(draft, 'wx'), length: 0 });

/** What two packings make of the same choice never mixes. */
function placed(file: File, id: string): File {
  const { content } = file;
  return content.type === 'result' ? file : { ...file, content: { ...content, file: `${id}/${content.file}` } };
}
