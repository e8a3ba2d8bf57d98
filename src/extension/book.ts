import { isFinal } from '#src/domain/job.ts';
import { NO_ID } from './comfy.ts';
import { inside } from './json.ts';
import type { Job, Server } from './server.ts';
import { createNumbers, type Graphs } from './shapes.ts';

/** As many as the front end's own history shows. */
const NEWEST = 64;
const PAGE = 200;
/** At most one read in this time, however many events come. */
const READ_MS = 300;
const MOST_GRAPHS = 300;

/** The id that the editor gave a workflow; null where it has none. */
export const workflowId = ({ workflow }: Graphs): string | null => {
  const id = inside(workflow, 'id');
  return typeof id === 'string' && id !== NO_ID ? id : null;
};

/** The signed-in person's jobs as they were last read, newest first, and their graphs. */
export function openBook(server: Server, changed: (before: readonly Job[], now: readonly Job[]) => void) {
  let jobs: readonly Job[] = [];
  let reading: Promise<void> | null = null;
  let again = false;
  let wasRead = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const seenAlive = new Set<string>();
  const numbers = createNumbers();
  const graphs = new Map<string, Promise<Graphs>>();

  async function read(): Promise<void> {
    do {
      again = false;
      const { items } = await server.api.jobs.list.query({ limit: NEWEST });
      take(items);
    } while (again);
  }
  function take(items: readonly Job[]): void {
    const before = jobs;
    wasRead = true;
    jobs = items;
    // Given in the order in which they ended, so that the numbers rise with it.
    for (const job of [...items].sort(
      (a, b) => Date.parse(a.endedAt ?? a.createdAt) - Date.parse(b.endedAt ?? b.createdAt),
    )) {
      if (isFinal(job.status)) numbers.of(job, seenAlive.has(job.id));
      else seenAlive.add(job.id);
    }
    changed(before, jobs);
  }
  /** Resolves when what is asked for now has been read. A server that is away leaves all as it was. */
  function refresh(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (reading) {
      again = true;
      return reading;
    }
    reading = read()
      .catch(() => undefined)
      .finally(() => {
        reading = null;
      });
    return reading;
  }

  return {
    jobs: (): readonly Job[] => jobs,
    alive: (): readonly Job[] => jobs.filter(({ status }) => !isFinal(status)),
    refresh,
    /** Resolves when the list was read for the first time. */
    read: (): Promise<void> => (wasRead ? Promise.resolve() : refresh()),
    refreshSoon(): void {
      timer ??= setTimeout(refresh, READ_MS);
    },
    forget(): void {
      take([]);
      wasRead = false;
    },
    number: (job: Job): number => numbers.of(job, seenAlive.has(job.id)),
    /** It never changes, so it is asked for once. */
    graph(jobId: string): Promise<Graphs> {
      const known = graphs.get(jobId);
      if (known) return known;
      const asked = server.api.jobs.graph
        .query({ id: jobId })
        .then(({ prompt, workflow }): Graphs => ({ prompt, workflow }));
      asked.catch(() => graphs.delete(jobId));
      graphs.set(jobId, asked);
      const [oldest] = graphs.keys();
      if (graphs.size > MOST_GRAPHS && oldest !== undefined) graphs.delete(oldest);
      return asked;
    },
    /** Jobs that are over, newest first. */
    async ended(offset: number, limit: number): Promise<{ items: readonly Job[]; hasMore: boolean }> {
      const all: Job[] = [];
      let cursor: string | null = null;
      do {
        const page: { items: Job[]; nextCursor: string | null } = await server.api.jobs.list.query({
          limit: Math.min(PAGE, offset + limit + 1 - all.length),
          cursor,
          status: ['completed', 'failed', 'cancelled'],
        });
        all.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null && all.length <= offset + limit);
      return { items: all.slice(offset, offset + limit), hasMore: all.length > offset + limit };
    },
  };
}
export type Book = ReturnType<typeof openBook>;
