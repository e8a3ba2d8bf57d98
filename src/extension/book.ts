import { ALIVE, isFinal, JOB_STATUSES } from '#src/domain/jobs/job.ts';
import { failureOf, type Server, type ServerJob } from './server.ts';
import { createNumbers, type Graphs } from './shapes.ts';

/** As many as the front end's own history shows. */
const NEWEST = 64;
/** However far back the front end asks. */
const MAX_ENDED = 1000;
const ENDED = JOB_STATUSES.filter(isFinal);
const PAGE = 200;
/** At most one read in this time, however many events come. */
const READ_MS = 300;
const READ_AGAIN_MS = 5000;
const MAX_GRAPHS = 300;
/** Of one workflow: the newest has files nearly always. */
const MADE_FROM_ONE = 5;

const byAge = (a: ServerJob, b: ServerJob): number => Date.parse(b.createdAt) - Date.parse(a.createdAt);

/**
 * The signed-in person's jobs as they were last read, newest first, and their graphs. All that are alive are read each time. What is over does not change but
 * for what an event names, so of these only such ones are read again.
 */
export function openBook(
  server: Pick<Server, 'api' | 'standing' | 'check'>,
  changed: (before: readonly ServerJob[], now: readonly ServerJob[]) => void,
) {
  let jobs: readonly ServerJob[] = [];
  /** Where the jobs that are over go on; null = these are all. */
  let older: string | null = null;
  let reading: Promise<void> | null = null;
  let again = false;
  let wasRead = false;
  let isWhole = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const named = new Set<string>();
  const seenAlive = new Set<string>();
  const numbers = createNumbers();
  const graphs = new Map<string, Promise<Graphs>>();

  async function list(statuses: readonly ServerJob['status'][], most: number, from?: string) {
    const items: ServerJob[] = [];
    let cursor: string | null | undefined = from;
    while (cursor !== null && items.length < most) {
      const page: { items: ServerJob[]; nextCursor: string | null } = await server.api.jobs.list.query({
        limit: Math.min(PAGE, most - items.length),
        cursor,
        status: [...statuses],
      });
      items.push(...page.items);
      cursor = page.nextCursor;
    }
    return { items, cursor: cursor ?? null };
  }
  /** Null for one that is not there any more. */
  async function one(id: string): Promise<ServerJob | null> {
    try {
      return await server.api.jobs.get.query({ id });
    } catch (error) {
      if (failureOf(error).code === 'not_found') return null;
      throw error;
    }
  }
  async function read(): Promise<void> {
    do {
      again = false;
      const goesOn = isWhole;
      isWhole = true;
      const asked = [...named];
      // All that are alive, in a long line too, and before the others: what ends between the two is in both.
      const alive = await list(ALIVE, Number.POSITIVE_INFINITY);
      const byId = new Map(alive.items.map((job) => [job.id, job]));
      if (goesOn) {
        const ended = new Set([...asked, ...jobs.filter(({ status }) => !isFinal(status)).map(({ id }) => id)]);
        const newly = await Promise.all([...ended].filter((id) => !byId.has(id)).map(one));
        for (const job of [...jobs.filter(({ status }) => isFinal(status)), ...newly]) if (job) byId.set(job.id, job);
      } else {
        const ended = await list(ENDED, NEWEST);
        older = ended.cursor;
        for (const job of ended.items) byId.set(job.id, job);
      }
      for (const id of asked) named.delete(id);
      take([...byId.values()].sort(byAge));
    } while (again);
  }
  function take(items: readonly ServerJob[]): void {
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
    isWhole = false;
    const { code, message } = failureOf(error);
    if (code === 'not_signed_in') server.check();
    else if (code !== null) console.warn(`comfyume: could not load the jobs. ${message}`);
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
    jobs: (): readonly ServerJob[] => jobs,
    alive: (): readonly ServerJob[] => jobs.filter(({ status }) => !isFinal(status)),
    refresh,
    /** It was heard how far one of them is. */
    moved(jobId: string, live: ServerJob['live']): void {
      jobs = jobs.map((job) => (job.id === jobId ? { ...job, live } : job));
    },
    /** Resolves when the list was read for the first time. */
    read: (): Promise<void> => (wasRead ? Promise.resolve() : refresh()),
    /** An event has named this job, or the whole list has moved. */
    refreshSoon(jobId: string | null): void {
      if (jobId !== null) named.add(jobId);
      timer ??= setTimeout(refresh, READ_MS);
    },
    /** Events were missed, or have come for the first time: all is read anew. */
    reread(): Promise<void> {
      isWhole = false;
      return refresh();
    },
    forget(): void {
      take([]);
      named.clear();
      wasRead = false;
      isWhole = false;
    },
    number: (job: ServerJob): number => numbers.of(job, seenAlive.has(job.id)),
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
      if (graphs.size > MAX_GRAPHS && oldest !== undefined) graphs.delete(oldest);
      return asked;
    },
    /** Jobs that are over, newest first: of those that are wanted at least so many, if there are. */
    async ended(
      count: number,
      isWanted: (job: ServerJob) => boolean,
    ): Promise<{ items: readonly ServerJob[]; hasMore: boolean }> {
      await reading;
      for (;;) {
        const known = jobs.filter(({ status }) => isFinal(status));
        const items = known.filter(isWanted);
        const hasMore = older !== null && known.length < MAX_ENDED;
        if (items.length >= count || older === null || !hasMore) return { items, hasMore };
        const more = await list(ENDED, PAGE, older);
        older = more.cursor;
        const ids = new Set(jobs.map(({ id }) => id));
        take([...jobs, ...more.items.filter(({ id }) => !ids.has(id))].sort(byAge));
      }
    },
    /** What was made from this workflow, newest first, however long ago. */
    async madeFrom(workflowId: string): Promise<readonly ServerJob[]> {
      if (server.standing().is !== 'here') return [];
      const { items } = await server.api.jobs.list.query({ workflowId, status: [...ENDED], limit: MADE_FROM_ONE });
      return items;
    },
  };
}
export type Book = ReturnType<typeof openBook>;
