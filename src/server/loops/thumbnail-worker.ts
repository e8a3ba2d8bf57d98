import PQueue from 'p-queue';
import type { Bus } from '#src/ports/events.ts';
import type { Gallery } from '#src/ports/gallery.ts';
import type { Log } from '#src/ports/log.ts';
import type { ResultStore } from '#src/ports/results.ts';

const AT_ONCE = 2;
/** What does not fit in line is made when somebody first asks for it. */
const LONGEST_LINE = 2000;

type Deps = { bus: Bus; results: Pick<ResultStore, 'find'>; gallery: Pick<Gallery, 'thumbnail' | 'close'>; log: Log };

/** Makes the small picture of each result as it comes home, so that nobody waits for it. Nothing waits for this. */
export function createArrivals({ bus, results, gallery, log }: Deps) {
  const line = new PQueue({ concurrency: AT_ONCE });
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
      unlisten = bus.listen((heard) => {
        if (heard.type !== 'stored' || heard.event.type !== 'result.added' || line.size >= LONGEST_LINE) return;
        const { resultId } = heard.event;
        void line.add(() => make(resultId));
      });
    },
    /** Those in line are left, and what is being made is given up. */
    async stop() {
      unlisten();
      line.clear();
      await Promise.all([gallery.close(), line.onIdle()]);
    },
  };
}
