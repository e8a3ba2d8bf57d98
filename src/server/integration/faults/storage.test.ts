import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { noRoom } from '#src/adapters/files/file-errors.ts';
import { picture } from '../testing/graphs.ts';
import { refusal } from '../testing/visitor.ts';
import { openStage, tryFaults } from './stage.testing.ts';
import { STORAGE } from './table.testing.ts';

/** The disk for results, as far as a test without a small disk of its own can have it full (chaos has one, where it may mount). */
async function open() {
  let isFull = false;
  const stage = await openStage({
    arrange: (deps) => ({
      ...deps,
      diskSpace: { full: async () => (isFull ? { dir: 'outputs', free: 0 } : null) },
      gallery: {
        ...deps.gallery,
        async importFile(source, place, jobId) {
          if (isFull) throw noRoom(place.path);
          return deps.gallery.importFile(source, place, jobId);
        },
      },
    }),
  });
  /** Submits while there is room, fills the disk before anything arrives, and waits for the job to be stuck. */
  const stuck = async (): Promise<string> => {
    await stage.settings({ dispatchPaused: true });
    const id = await stage.submit(picture());
    isFull = true;
    await stage.settings({ dispatchPaused: false });
    await stage.at(id, 'delivering');
    return id;
  };
  const full = (next: boolean) => {
    isFull = next;
  };
  return {
    ...stage,
    stuck,
    full,
    reset: async () => {
      isFull = false;
      await stage.reset();
    },
  };
}

tryFaults(STORAGE, open, {
  async 'the disk for results is full when a job is done'(stage) {
    const id = await stage.stuck();
    await expect.poll(async () => (await stage.job(id)).reason).toBe('storage_full');
    return { told: await stage.job(id) };
  },

  async 'a job is submitted while the disk is full'(stage) {
    stage.full(true);
    return { told: await refusal(stage.submit(picture())) };
  },

  async 'there is room again'(stage) {
    const id = await stage.stuck();
    stage.full(false);
    const told = await stage.ended(id);
    expect(await stage.product.filesOf(stage.anna)).toContain(join(told.results[0]?.filename ?? ''));
    return { told };
  },

  /** As after an older backup, or a lost write-ahead log: the folder knows more than the database. */
  async 'a file that the database does not know has the name of a result'(stage) {
    const folder = join(stage.product.folders.outputs, 'Anna');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'known_00001_.png'), 'somebody’s work');
    const told = await stage.ended(await stage.submit(picture({ prefix: 'known' })));
    expect(told.results[0]?.filename).toBe('known_00002_.png');
    expect(await readFile(join(folder, 'known_00001_.png'), 'utf8')).toBe('somebody’s work');
    const { items } = await stage.admin.events.list.query({ words: 'delivery.renamed' });
    return { told, admin: items[0] };
  },
});
