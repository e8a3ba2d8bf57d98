import { afterMessage, NOTHING_HEARD, type Node, type RunState, toLiveRun } from '#src/domain/jobs/live-run.ts';
import type { Bus } from '#src/ports/events.ts';
import type { LivePreviews, LiveRuns, Preview } from '#src/ports/live-runs.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock } from '#src/ports/random.ts';
import type { RunMessage } from '#src/ports/worker.ts';

type Deps = {
  jobs: { nodesOf(jobId: string): Promise<ReadonlyMap<string, Node>> };
  bus: Pick<Bus, 'announce'>;
  livePreviews: Pick<LivePreviews, 'show'>;
  clock: Clock;
  log: Log;
};

type Message = Exclude<RunMessage, { type: 'ended' }>;
type Entry = {
  readonly userId: string;
  own: ReadonlyMap<string, Node> | null;
  state: RunState;
  told: RunState | null;
  readonly early: Message[];
  preview: Preview | null;
  previewAt: number;
  timer: NodeJS.Timeout | null;
};

/** At most five times a second for each job. */
const TELL_EVERY_MS = 200;
const PREVIEW_EVERY_MS = 500;
/** Larger ones would take all of a person's share for longer than a second. */
const MAX_PREVIEW_BYTES = 100_000;
const MAX_EARLY = 100;

export function createLiveRuns({ jobs, bus, livePreviews, clock, log }: Deps): LiveRuns {
  const entries = new Map<string, Entry>();

  function tellPreview(jobId: string, entry: Entry): void {
    const { preview } = entry;
    const now = clock.now();
    if (!preview || now < entry.previewAt + PREVIEW_EVERY_MS) return;
    entry.preview = null;
    entry.previewAt = now;
    livePreviews.show(jobId, preview);
  }

  function tellSoon(jobId: string, entry: Entry): void {
    entry.timer ??= setTimeout(() => {
      entry.timer = null;
      if (!entry.own) return;
      // A preview alone is no news of the run.
      if (entry.state !== entry.told)
        bus.announce({ type: 'run.moved', userId: entry.userId, jobId, run: toLiveRun(entry.state, entry.own) });
      entry.told = entry.state;
      tellPreview(jobId, entry);
      if (entry.preview) tellSoon(jobId, entry);
    }, TELL_EVERY_MS);
  }

  function apply(jobId: string, entry: Entry, own: ReadonlyMap<string, Node>, message: Message): void {
    if (message.type === 'preview') {
      const { nodeId, picture } = message;
      if (own.has(nodeId) && picture.bytes.length <= MAX_PREVIEW_BYTES) entry.preview = { ...picture, nodeId };
    } else entry.state = afterMessage(entry.state, message, own, clock.now());
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
        told: null,
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
    },
  };
}
