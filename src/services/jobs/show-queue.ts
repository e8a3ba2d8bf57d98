import type { Fairness, Queue } from '#src/domain/jobs/fairness.ts';
import type { Bus } from '#src/ports/events.ts';
import type { JobQueue } from '#src/ports/jobs.ts';
import type { QueueBoard } from '#src/ports/queue.ts';
import type { SettingStore } from '#src/ports/settings.ts';

type Deps = { board: QueueBoard; bus: Bus };

/** Puts up this queue: places are told from it, and those whose places changed are notified. */
export function showQueue({ board, bus }: Deps, queue: Queue, fairness: Fairness): void {
  const positions = board.show(queue, fairness);
  if (positions.size > 0) bus.announce({ type: 'line.moved', positions });
}

/** The same with the queue as it is stored now: whoever has changed it sees the new places with their next look. */
export async function refreshQueue(
  deps: Deps & { jobs: Pick<JobQueue, 'queue'>; settings: SettingStore },
): Promise<void> {
  const [{ fairness }, queue] = await Promise.all([deps.settings.read(), deps.jobs.queue()]);
  showQueue(deps, queue, fairness);
}
