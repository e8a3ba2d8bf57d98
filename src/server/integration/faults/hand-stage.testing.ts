import { join } from 'node:path';
import { handWorker } from './hand-worker.testing.ts';
import { openStage } from './stage.testing.ts';

/** A stage with a worker that does nothing but what the test tells it to. */
export async function openHandStage() {
  const stage = await openStage({});
  const hand = await handWorker(join(stage.product.folders.sfs, 'outputs'));
  await stage.admin.endpoints.upsert.mutate({ name: 'By hand', url: hand.url });
  await stage.only('GPUs');
  return {
    ...stage,
    hand,
    stop: async () => {
      await stage.stop();
      await hand.stop();
    },
  };
}
