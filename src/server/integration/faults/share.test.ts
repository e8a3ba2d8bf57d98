import { mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { expect } from 'vitest';
import { shareError } from '#src/adapters/files/file-errors.ts';
import { boundShare, createBoundedCalls } from '#src/adapters/files/share/bounded-share.ts';
import { AppError } from '#src/domain/errors.ts';
import type { Share } from '#src/ports/share.ts';
import { picture } from '../testing/graphs.ts';
import { until } from '../testing/until.ts';
import { type HandWork, handWorker, pictureOf } from './hand-worker.testing.ts';
import { type FaultSeen, openStage, tryFaults } from './stage.testing.ts';
import { SHARE } from './table.testing.ts';

/** A picture of a few bytes that says to be so wide and high, and that can only be read whole. */
async function interlacedOf(side: number): Promise<Buffer> {
  const background = '#123456';
  const create = { width: 64, height: 64, channels: 3, background } as const;
  const picture = await sharp({ create }).png({ progressive: true }).toBuffer();
  // Its size stands in the header, before the header's checksum.
  for (const at of [16, 20]) picture.writeUInt32BE(side, at);
  picture.writeUInt32BE(crc32(picture.subarray(12, 29)), 29);
  return picture;
}

/** What the share does instead of its work, for each of its calls. */
type Trouble = { [Call in 'list' | 'examine' | 'watch']?: (folder: string) => Promise<never> | null };

function troubled(share: Share, trouble: () => Trouble): Share {
  return {
    folders: () => share.folders(),
    makeFolder: (folder) => share.makeFolder(folder),
    removeIfEmpty: (folder) => share.removeIfEmpty(folder),
    list: (folder) => trouble().list?.(folder) ?? share.list(folder),
    examine: (folder, path) => trouble().examine?.(folder) ?? share.examine(folder, path),
    embedded: (folder, path) => share.embedded(folder, path),
    watch: (folder, hint) => trouble().watch?.(folder) ?? share.watch(folder, hint),
  };
}

async function open() {
  let trouble: Trouble = {};
  /** Called before a file is imported. */
  let beforeCopy: () => Promise<void> = async () => undefined;
  // A look at a folder that hangs uses one up each time: the others need time to be done before there is none left.
  const boundedCalls = createBoundedCalls({ timeoutMs: 5000, maxStuck: 3 });
  const stage = await openStage({
    arrange: (deps) => ({
      ...deps,
      share: boundShare(
        troubled(deps.share, () => trouble),
        boundedCalls,
      ),
      gallery: {
        ...deps.gallery,
        async importFile(...file) {
          await beforeCopy();
          return deps.gallery.importFile(...file);
        },
      },
    }),
  });
  const { sfs } = stage.product.folders;
  const hand = await handWorker(join(sfs, 'outputs'));
  await stage.admin.endpoints.upsert.mutate({ name: 'By hand', url: hand.url, capacity: 9 });
  return {
    ...stage,
    hand,
    sfs,
    trouble: (next: Trouble) => {
      trouble = next;
    },
    beforeCopy: (next: typeof beforeCopy) => {
      beforeCopy = next;
    },
    reset: async () => {
      trouble = {};
      beforeCopy = async () => undefined;
      await stage.reset();
      await stage.only('By hand');
    },
    stop: async () => {
      await stage.stop();
      await hand.stop();
    },
  };
}
type ShareStage = Awaited<ReturnType<typeof open>>;

/** A job whose files the test writes itself. */
const byHand =
  (write: (stage: ShareStage, work: HandWork, id: string, bytes: Buffer) => Promise<unknown>) =>
  async (stage: ShareStage): Promise<FaultSeen> => {
    await stage.only('By hand');
    const id = await stage.submit(picture());
    const work = await stage.hand.take(id);
    await work.start();
    await stage.at(id, 'running');
    await write(stage, work, id, await pictureOf(id));
    return { told: await stage.ended(id) };
  };

const TROUBLE = 'cannot scan the folders of attempts, retrying';
const looks = (stage: ShareStage) => until('a look at the folder that fails', () => stage.logged(TROUBLE).length > 0);
const systemError = (code: string) => async (): Promise<never> => {
  throw shareError(Object.assign(new Error(code), { code }), 'the folder');
};

tryFaults(SHARE, open, {
  async 'the share is not there when we start'(stage) {
    await stage.product.pause();
    const away = `${stage.sfs}-away`;
    await rename(stage.sfs, away);
    await stage.product.resume();
    await stage.only('By hand');
    const id = await stage.submit(picture());
    await stage.hand.take(id);
    await looks(stage);
    await rename(away, stage.sfs);
    const work = await stage.hand.take(id);
    await work.write('0/shot_00001_.png', await pictureOf(id));
    await work.finish();
    return { told: await stage.ended(id) };
  },

  'the share is taken away in mid-render and comes back': byHand(async (stage, work, _, bytes) => {
    const away = `${stage.sfs}-away`;
    const other = await stage.submit(picture(), stage.ben);
    await (await stage.hand.take(other)).start();
    await stage.at(other, 'running');
    await stage.settings({ jobTimeoutMs: 60_000, startBudgetMs: 1000 });
    await rename(stage.sfs, away);
    const inTrouble = () =>
      new Set(
        stage.logged('cannot scan a folder, retrying').map(({ facts }) => ('attempt' in facts ? facts.attempt : null)),
      );
    await until('both folders to be in trouble', () => inTrouble().size === 2);
    await rename(away, stage.sfs);
    const back = 'all folders of attempts can be scanned again';
    await until('both to be looked at again', () => stage.logged(back).length > 0);
    expect(stage.logged(back)[0]?.facts).toEqual({ folders: 2 });
    await stage.ben.api.jobs.cancel.mutate({ id: other });
    await work.write('0/shot_00001_.png', bytes);
    await work.finish();
  }),

  'a file is there by half, and the rest comes later': byHand(async (stage, work, id, bytes) => {
    await work.write('0/shot_00001_.png', bytes.subarray(0, bytes.length >> 1));
    await looked(stage, 3);
    expect(await stage.job(id)).toMatchObject({ status: 'running', results: [] });
    await work.write('0/shot_00001_.png', bytes);
    await work.finish();
  }),

  'a file has zero bytes for a while': byHand(async (stage, work, id, bytes) => {
    await work.write('0/shot_00001_.png', bytes.subarray(0, 0));
    await looked(stage, 3);
    expect(await stage.job(id)).toMatchObject({ status: 'running', results: [] });
    await work.write('0/shot_00001_.png', bytes);
    await work.finish();
  }),

  'a file stays cut': byHand(async (_, work, __, bytes) => {
    await work.write('0/shot_00001_.png', bytes.subarray(0, bytes.length - 12));
    await work.finish();
  }),

  'a file is deleted while it is copied, and written again': byHand(async (stage, work, _, bytes) => {
    let isFirst = true;
    stage.beforeCopy(async () => {
      if (isFirst) await rm(join(work.folder, '0'), { recursive: true });
      isFirst = false;
    });
    await work.write('0/shot_00001_.png', bytes);
    await until('the copy that fails', () => !isFirst);
    await work.write('0/shot_00001_.png', bytes);
    await work.finish();
  }),

  'a file gets another name before it is whole': byHand(async (_, work, __, bytes) => {
    await work.write('0/draft_00001_.png', bytes.subarray(0, 60));
    await rename(join(work.folder, '0/draft_00001_.png'), join(work.folder, '0/shot_00001_.png'));
    await work.write('0/shot_00001_.png', bytes);
    await work.finish();
  }),

  'a file carries another job’s id': byHand(async (_, work) => {
    await work.write('0/shot_00001_.png', await pictureOf('00000000-0000-4000-8000-000000000000'));
    await work.finish();
  }),

  'a picture cannot be drawn within bounds: it is delivered without a thumbnail': byHand(async (stage, work) => {
    await work.write('0/shot_00001_.png', await interlacedOf(16_384));
    await work.finish();
    await until('its thumbnail to fail', () => stage.logged('could not create a derived file').length > 0);
  }),

  'a link that leads to somebody else’s file': byHand(async (stage, work, id) => {
    const secret = join(stage.product.folders.root, 'secret.png');
    await writeFile(secret, await pictureOf(id));
    await mkdir(join(work.folder, '0'), { recursive: true });
    await symlink(secret, join(work.folder, '0/shot_00001_.png'));
    await work.finish();
  }),

  async 'a workflow that wants to save to ../../elsewhere'(stage) {
    await stage.only('GPUs');
    const told = await stage.ended(await stage.submit(picture({ prefix: '../../elsewhere/x' })));
    expect(told.results[0]?.filename).toBe('elsewhere/x_00001_.png');
    return { told };
  },

  async 'a file that belongs to no job'(stage) {
    const stray = join(stage.sfs, 'outputs/comfyume/nobody/0/orphan.png');
    await mkdir(join(stray, '..'), { recursive: true });
    await writeFile(stray, 'stray');
    const old = new Date(Date.now() - 3_600_000);
    await utimes(stray, old, old);
    const { strays } = await stage.admin.storage.strays.query();
    const seen = await byHand(async (_, work, __, bytes) => {
      await work.write('0/shot_00001_.png', bytes);
      await work.finish();
    })(stage);
    return { ...seen, admin: strays.find(({ path }) => path.includes('nobody')) };
  },

  'the share answers EIO': byHand(async (stage, work, _, bytes) => {
    stage.trouble({ list: systemError('EIO') });
    await work.write('0/shot_00001_.png', bytes);
    await work.finish();
    await looks(stage);
    stage.trouble({});
  }),

  'the share’s handles are stale (ESTALE)': byHand(async (stage, work, _, bytes) => {
    stage.trouble({ examine: systemError('ESTALE') });
    await work.write('0/shot_00001_.png', bytes);
    await work.finish();
    await looks(stage);
    stage.trouble({});
  }),

  'one folder of the share hangs: others’ jobs go on': byHand(async (stage, work, id, bytes) => {
    let answer: (error: Error) => void = () => undefined;
    const never = new Promise<never>((_, reject) => {
      answer = reject;
    });
    stage.trouble({ list: (folder) => (folder.endsWith(work.attemptId) ? never : null) });
    await work.write('0/shot_00001_.png', bytes);
    await work.finish();
    const other = await stage.submit(picture(), stage.ben);
    const others = await stage.hand.take(other);
    await others.write('0/shot_00001_.png', await pictureOf(other));
    await others.finish();
    await stage.at(other, 'completed');
    expect((await stage.job(id)).status).toBe('running');
    await looks(stage);
    stage.trouble({});
    answer(new AppError('share_unavailable', 'given up'));
  }),

  async 'no more folders can be watched'(stage) {
    stage.trouble({ watch: systemError('ENOSPC') });
    return byHand(async (_, work, __, bytes) => {
      await work.write('0/shot_00001_.png', bytes);
      await work.finish();
    })(stage);
  },
});

/** Waits until the folders in flight have been looked at so often. */
async function looked(stage: ShareStage, times: number): Promise<void> {
  let left = times;
  stage.trouble({
    list: () => {
      left -= 1;
      return null;
    },
  });
  await until('some looks', () => left <= 0);
  stage.trouble({});
}
