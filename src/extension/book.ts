import { ALIVE, isFinal, JOB_STATUSES } from '#src/domain/job.ts';
import { NO_ID } from './comfy.ts';
import { inside } from './json.ts';
import { failureOf, type Job, type Server } from './server.ts';
import { createNumbers, type Graphs } from './shapes.ts';

/** As many as the front end's own history shows. */
const NEWEST = 64;
const ENDED = JOB_STATUSES.filter(isFinal);
const PAGE = 200;
/** At most one read in this time, however many events come. */
const READ_MS = 300;
const READ_AGAIN_MS = 5000;
const MOST_GRAPHS = 300;

/** The id that the editor gave a workflow; null where it has none. */
export const workflowId = ({ workflow }: Graphs): string | null => {
  const id = inside(workflow, 'id');
  return typeof id === 'string' && id !== NO_ID ? id : null;
};

/** The signed-in person's jobs as they were last read, newest first, and their graphs. */
export function openBook(
  server: Pick<Server, 'api' | 'standing' | 'check'>,
  changed: (before: readonly Job[], now: readonly Job[]) => void,
) {
  let jobs: readonly Job[] = [];
  let reading: Promise<void> | null = null;
  let again = false;
  let wasRead = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const seenAlive = new Set<string>();
  const numbers = createNumbers();
  const graphs = new Map<string, Promise<Graphs>>();

  async function all(statuses: readonly Job['status'][], most: number): Promise<{ items: Job[]; hasMore: boolean }> {
    const items: Job[] = [];
    let cursor: string | null | undefined;
    while (cursor !== null && items.length < most) {
      const page: { items: Job[]; nextCursor: string | null } = await server.api.jobs.list.query({
        limit: Math.min(PAGE, most - items.length),
        cursor,
        status: [...statuses],
      });
      items.push(...page.items);
      cursor = page.nextCursor;
    }
    return { items, hasMore: cursor !== null };
  }
  async function read(): Promise<void> {
    do {
      again = false;
      // All that are alive, in a long line too, and one after the other: what ends between the two is in both.
      const alive = await all(ALIVE, Number.POSITIVE_INFINITY);
      const ended = await all(ENDED, NEWEST);
      const byId = new Map([...alive.items, ...ended.items].map((job) => [job.id, job]));
      take([...byId.values()].sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt)));
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
  /** While the server is away, or nobody is signed in, all stays as it was until it is known better. */
  function unread(error: unknown): void {
    const { code, message } = failureOf(error);
    if (code === 'not_signed_in') server.check();
    else if (code !== null) console.warn(`comfyume: the jobs could not be read. ${message}`);
    if (server.standing().is === 'here') timer ??= setTimeout(refresh, READ_AGAIN_MS);
  }
  /** Resolves when what is asked for now has been read, or could not be. */
  function refresh(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (reading) {
      again = true;
      return reading;
    }
    reading = read()
      .catch(unread)
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
      // Whoever asked is told; the next one asks again.
      asked.catch(() => graphs.delete(jobId));
      graphs.set(jobId, asked);
      const [oldest] = graphs.keys();
      if (graphs.size > MOST_GRAPHS && oldest !== undefined) graphs.delete(oldest);
      return asked;
    },
    /** Jobs that are over, newest first. */
    async ended(offset: number, limit: number): Promise<{ items: readonly Job[]; hasMore: boolean }> {
      const { items, hasMore } = await all(ENDED, offset + limit);
      return { items: items.slice(offset), hasMore };
    },
  };
}
export type Book = ReturnType<typeof openBook>;
