import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { z } from 'zod';
import { picture } from '../testing/graphs.ts';
import { until } from '../testing/until.ts';
import { pictureOf } from './hand-worker.testing.ts';
import { mountReadOnly, WHY_NO_MOUNT } from './mounts.testing.ts';
import { openStage, tryFaults } from './stage.testing.ts';
import { READ_ONLY } from './table.testing.ts';

/** The workers write beneath; we see it through a mount that is read-only. */
async function open() {
  const root = await mkdtemp(join(tmpdir(), 'comfyume-read-only-'));
  const beneath = join(root, 'beneath');
  const folders = { outputs: join(beneath, 'outputs'), inputs: join(beneath, 'inputs') };
  for (const dir of Object.values(folders)) await mkdir(dir, { recursive: true });
  const sfsDir = join(root, 'sfs');
  const share = await mountReadOnly(beneath, sfsDir);
  const stage = await openStage({ fleet: { replicas: 1, ...folders }, config: { sfsDir } }).catch((error: unknown) => {
    share.unmount();
    throw error;
  });
  return {
    ...stage,
    beneath,
    stop: async () => {
      await stage.stop();
      share.unmount();
      await rm(root, { recursive: true, force: true });
    },
  };
}

const refused = z.object({ error: z.object({ message: z.string(), data: z.object({ appError: z.string() }) }) });

tryFaults(
  READ_ONLY,
  open,
  {
    async 'we start on it'(stage) {
      await stage.product.pause();
      await stage.product.resume();
      await until('what is found at the start', () => stage.product.log.some(({ facts }) => 'what' in facts));
      return { told: await stage.ended(await stage.submit(picture())) };
    },

    async 'jobs are rendered: nothing of ours is made or removed there'(stage) {
      const ids = await Promise.all([stage.submit(picture()), stage.submit(picture(), stage.ben)]);
      const [told, other] = await Promise.all(ids.map(stage.ended));
      if (!told || !other) throw new Error('Two jobs should have ended.');
      expect(other).toMatchObject({ status: 'completed', attempts: 1, results: [{ jobId: other.id }] });
      const attempts = await stage.executed();
      const there = await readdir(stage.beneath, { recursive: true, withFileTypes: true });
      const files = there.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
      for (const { promptId } of attempts) {
        const folder = join(stage.beneath, 'outputs/comfyume', promptId);
        const own = files.filter((file) => file.startsWith(folder)).map((file) => file.slice(folder.length + 1));
        expect(own.sort()).toEqual(['0/shot_00001_.png', '_finished0_00001_.png', '_started_00001_.png']);
      }
      expect(files).toHaveLength(3 * attempts.length);
      expect(stage.product.wentWrong()).toEqual([]);
      return { told };
    },

    async 'an input is uploaded'(stage) {
      const form = new FormData();
      form.append('file', new Blob([new Uint8Array(await pictureOf(''))]), 'photo.png');
      const response = await stage.anna.fetch('/api/inputs', { method: 'POST', body: form });
      const { message, data } = refused.parse(await response.json()).error;
      const { status } = response;
      return {
        told: { status, message, appError: data.appError, code: '', nodeErrors: null, retryAfterSeconds: null },
      };
    },
  },
  WHY_NO_MOUNT,
);
