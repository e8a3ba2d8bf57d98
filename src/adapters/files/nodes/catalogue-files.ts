import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { CatalogueFacts } from '#src/domain/node-catalogue/read-catalogue.ts';
import type { CatalogueNote } from '#src/ports/comfyui/node-catalogue.ts';
import { createDrafts } from '../disks/drafts.ts';
import { syncFolder } from '../disks/sync-folder.ts';
import { ifThere, storageError } from '../file-errors.ts';

/** Longer than the models of any worker make it. */
const MAX_HEAD_BYTES = 8_000_000;
const ENDING = '.nodes';
const PREVIOUS = '.nodes.previous';

const texts = z.array(z.string());
const head = z.object({
  endpointId: z.string(),
  note: z.object({
    versions: z.record(z.string(), z.string()),
    capturedAt: z.number(),
    classes: z.number(),
    bytes: z.number(),
  }),
  models: z.array(
    z.object({
      name: z.string(),
      folders: texts,
      extensions: texts.nullable(),
      files: texts,
      elsewhere: texts,
    }),
  ),
  replaced: texts,
});

export type StoredCatalogue = CatalogueFacts & { readonly note: CatalogueNote; readonly objectInfo: string };

const writeWhole = (path: string, text: string) => writeFile(path, text, { flag: 'wx', mode: 0o600, flush: true });

/** The first line says what is known without reading the rest, which is the worker's own JSON. */
export function createCatalogueFiles(dir: string) {
  /** Whatever an id holds, it names a file of this folder. */
  const pathOf = (endpointId: string, ending: string): string =>
    join(dir, `${encodeURIComponent(endpointId)}${ending}`);

  let drafts: ReturnType<typeof createDrafts> | null = null;
  /** Several processes may write at once: each writes to a file of its own, and a rename puts it in place. */
  function draft(): string {
    drafts ??= createDrafts(join(dir, '.unfinished'));
    return drafts(randomUUID());
  }

  async function headOf(path: string): Promise<z.infer<typeof head> | null> {
    const handle = await open(path);
    try {
      for await (const line of handle.readLines({ end: MAX_HEAD_BYTES }))
        return head.safeParse(JSON.parse(line)).data ?? null;
      return null;
    } catch (error) {
      if (error instanceof SyntaxError) return null;
      throw error;
    } finally {
      await handle.close();
    }
  }

  return {
    async notes(): Promise<Map<string, CatalogueNote>> {
      const found = new Map<string, CatalogueNote>();
      for (const name of (await ifThere(readdir(dir))) ?? []) {
        if (!name.endsWith(ENDING)) continue;
        const path = join(dir, name);
        const own = (await headOf(path)) ?? (await ifThere(headOf(path + PREVIOUS.slice(ENDING.length))));
        if (own) found.set(own.endpointId, own.note);
      }
      return found;
    },

    async read(endpointId: string, which: 'current' | 'previous'): Promise<StoredCatalogue | null> {
      const text = await ifThere(readFile(pathOf(endpointId, which === 'current' ? ENDING : PREVIOUS), 'utf8'));
      if (!text) return null;
      const end = text.indexOf('\n');
      return { ...head.parse(JSON.parse(text.slice(0, end))), objectInfo: text.slice(end + 1) };
    },

    /** What was there before stays beside it. */
    async write(endpointId: string, { objectInfo, ...about }: StoredCatalogue): Promise<void> {
      try {
        await mkdir(dir, { recursive: true, mode: 0o700 });
        const path = pathOf(endpointId, ENDING);
        const [made, before] = [draft(), draft()];
        try {
          await writeWhole(made, `${JSON.stringify({ endpointId, ...about })}\n${objectInfo}`);
          const hasBefore = await ifThere(copyFile(path, before).then(() => true));
          if (hasBefore) await rename(before, pathOf(endpointId, PREVIOUS));
          await rename(made, path);
        } finally {
          for (const left of [made, before]) await rm(left, { force: true });
        }
        await syncFolder(dir);
      } catch (error) {
        throw storageError(error, dir);
      }
    },
  };
}
