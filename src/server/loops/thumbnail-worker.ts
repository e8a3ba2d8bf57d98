import PQueue from 'p-queue';
import type { Bus } from '#src/ports/events.ts';
import type { Gallery } from '#src/ports/gallery.ts';
import type { Log } from '#src/ports/log.ts';
import type { ResultStore } from '#src/ports/results.ts';

const AT_ONCE = 2;
/** What does not fit in the queue is made when somebody first asks for it. */
const MAX_LINE_LENGTH = 2000;

type Deps = {
  bus: Bus;
  results: Pick<ResultStore, 'find'>;
  gallery: Pick<Gallery, 'prepare' | 'thumbnail' | 'close'>;
  log: Log;
};

/** Makes the thumbnail of each result as it arrives, so that nobody waits for it, and is prepared for those that are on their way. Nothing waits for this. */
export function createThumbnailWorker({ bus, results, gallery, log }: Deps) {
  const queue = new PQueue({ concurrency: AT_ONCE });
  let unlisten: () => void = () => undefined;

  async function make(resultId: string): Promise<void> {
    try {
      const result = await results.find(resultId);
      if (result && result.removedAt === null) await gallery.thumbnail(result.id, result.path, result);
    } catch (error) {
      log.warn({ err: error, result: resultId }, 'could not create the thumbnail of a new result');
    }
  }

  return {
    start() {
      unlisten = bus.listen((message) => {
        if (message.type === 'job.moved' && message.to === 'dispatched') gallery.prepare();
        if (message.type !== 'stored' || message.event.type !== 'result.added' || queue.size >= MAX_LINE_LENGTH) return;
        const { resultId } = message.event;
        void queue.add(() => make(resultId));
      });
    },
    /** Those in the queue are left, and what is being made is given up. */
    async stop() {
      unlisten();
      queue.clear();
      await Promise.all([gallery.close(), queue.onIdle()]);
    },
  };
}
