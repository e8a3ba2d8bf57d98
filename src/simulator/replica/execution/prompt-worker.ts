import type { PromptQueue } from '../prompt-queue.ts';
import { PromptRun } from './executor.ts';
import { sendToFleet } from './fault-gate.ts';
import type { Worker } from './worker.ts';

export type PromptWorker = { start(): void; free(outputsToo: boolean): void };

/** The thread of the server that takes prompts from the queue, one at a time. */
export function promptWorker(worker: Worker, queue: PromptQueue): PromptWorker {
  let freeWanted: 'models' | 'all' | null = null;

  async function loop(): Promise<never> {
    for (;;) {
      if (freeWanted === 'all') worker.cache.clear();
      if (freeWanted) worker.used.clear();
      freeWanted = null;
      const item = worker.faults.swallows ? null : queue.take();
      if (!item) {
        await queue.waitForWork();
        continue;
      }
      const started = performance.now();
      const run = new PromptRun(worker, item);
      const { outcome, result, status } = await run.run();
      sendToFleet({ type: 'ended', promptId: item.promptId, outcome });
      queue.done(result, status);
      run.close();
      const { clientId } = worker.sockets.current;
      if (clientId !== null) {
        worker.sockets.send('executing', { node: null, prompt_id: item.promptId }, clientId);
      }
      process.stderr.write(`Prompt executed in ${((performance.now() - started) / 1000).toFixed(2)} seconds\n`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  return {
    // An error outside a node ends the thread permanently, as in the real server: its prompt stays "running".
    start: () => void loop().catch((error: unknown) => process.stderr.write(`Exception in thread: ${String(error)}\n`)),
    free: (outputsToo) => {
      freeWanted = outputsToo ? 'all' : (freeWanted ?? 'models');
      queue.nudge();
    },
  };
}
