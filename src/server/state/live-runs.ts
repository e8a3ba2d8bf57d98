import { afterMessage, NOTHING_HEARD, type Node, type RunState, toLiveRun } from '#src/domain/jobs/live-run.ts';
import type { Bus } from '#src/ports/events.ts';
import type { LiveRuns } from '#src/ports/live-runs.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';
import type { PreviewPicture, RunMessage } from '#src/ports/worker.ts';

type Deps = {
  jobs: { nodesOf(jobId: string): Promise<ReadonlyMap<string, Node>> };
  bus: Pick<Bus, 'announce'>;
  clock: Clock;
  log: Log;
};

type Message = Exclude<RunMessage, { type: 'ended' }>;
type Entry = {
  readonly userId: string;
  own: ReadonlyMap<string, Node> | null;
  state: RunState;
  readonly early: Message[];
  preview: PreviewPicture | null;
  previewAt: number;
  timer: NodeJS.Timeout | null;
};

/** At most five times a second for each job. */
const TELL_EVERY_MS = 200;
const PREVIEW_EVERY_MS = 500;
/** Of one person, in all: the next picture waits until those before it have been paid for. */
const PREVIEW_BYTES_PER_SECOND = 100_000;
const MAX_EARLY = 100;

export function createLiveRuns({ jobs, bus, clock, log }: Deps): LiveRuns {
  const entries = new Map<string, Entry>();
  const paidUntil = new Map<string, number>();

  function tellPreview(jobId: string, entry: Entry): void {
    const { preview, userId } = entry;
    const now = clock.now();
    const free = Math.max(paidUntil.get(userId) ?? 0, entry.previewAt + PREVIEW_EVERY_MS);
    if (!preview || now < free) return;
    entry.preview = null;
    entry.previewAt = now;
    paidUntil.set(userId, now + (1000 * preview.bytes.length) / PREVIEW_BYTES_PER_SECOND);
    bus.announce({ type: 'run.preview', userId, jobId, picture: preview });
  }

  function tellSoon(jobId: string, entry: Entry): void {
    entry.timer ??= setTimeout(() => {
      entry.timer = null;
      if (!entry.own) return;
      bus.announce({ type: 'run.moved', userId: entry.userId, jobId, run: toLiveRun(entry.state, entry.own) });
      tellPreview(jobId, entry);
      if (entry.preview) tellSoon(jobId, entry);
    }, TELL_EVERY_MS);
  }

  function apply(jobId: string, entry: Entry, own: ReadonlyMap<string, Node>, message: Message): void {
    if (message.type === 'preview') {
      if (own.has(message.nodeId) && message.picture.bytes.length <= PREVIEW_BYTES_PER_SECOND)
        entry.preview = message.picture;
    } else entry.state = afterMessage(entry.state, message, own);
    tellSoon(jobId, entry);
  }

  return {
    take({ id, userId }, message) {
      const known = entries.get(id);
      if (known?.own) return apply(id, known, known.own, message);
      if (known) {
        if (known.early.length < MAX_EARLY) known.early.push(message);
        return;
      }
      const entry: Entry = {
        userId,
        own: null,
        state: NOTHING_HEARD,
        early: [message],
        preview: null,
        previewAt: 0,
        timer: null,
      };
      entries.set(id, entry);
      jobs.nodesOf(id).then(
        (own) => {
          // It may have ended meanwhile.
          if (entries.get(id) !== entry) return;
          entry.own = own;
          for (const each of entry.early.splice(0)) apply(id, entry, own, each);
        },
        (err: unknown) => {
          log.warn({ err, job: id }, 'could not read the nodes of a job; its progress is not shown');
        },
      );
    },
    of(jobId) {
      const entry = entries.get(jobId);
      return entry?.own ? toLiveRun(entry.state, entry.own) : null;
    },
    end(jobId) {
      const entry = entries.get(jobId);
      if (!entry) return;
      if (entry.timer) clearTimeout(entry.timer);
      entries.delete(jobId);
      if (![...entries.values()].some(({ userId }) => userId === entry.userId)) paidUntil.delete(entry.userId);
    },
  };
}
