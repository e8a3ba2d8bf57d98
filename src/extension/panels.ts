import { isFinal } from '#src/domain/jobs/job.ts';
import type { Book } from './book.ts';
import { bodyOf, inside, reply, texts } from './json.ts';
import { failureOf, type Server, type ServerJob } from './server.ts';
import { comfyStatus, type Graphs, historyEntry, isListed, jobDetail, jobItem, queueItem } from './shapes.ts';

/** The front end reads whatever comes: a list that cannot be had is an empty one, of its own shape. */
const NOTHING = {
  queue_running: [],
  queue_pending: [],
  jobs: [],
  pagination: { offset: 0, limit: 0, total: 0, has_more: false },
};
const EMPTY: Graphs = { prompt: {}, workflow: null };

const count = (params: URLSearchParams, name: string, other: number): number => {
  const value = Number(params.get(name) ?? other);
  return Number.isInteger(value) && value >= 0 ? value : other;
};

/**
 * Answers what the front end would ask its own server about queue, history and jobs, and what it would tell it to stop. Only one's own jobs are meant, always.
 * What is taken out of ComfyUI's history is hidden in this browser and stays in the gallery.
 */
export function createPanels(
  server: Pick<Server, 'api' | 'settled' | 'standing' | 'now'>,
  book: Book,
  hidden: Hidden,
  announcement: { refused(message: string): void; notice(message: string): void },
) {
  /** Without anybody signed in, or before that is known, there is nothing to list. */
  const isHere = async (): Promise<boolean> => {
    await server.settled;
    return server.standing().is === 'here';
  };
  /** A job is listed without its graph rather than not at all. */
  const graph = (job: ServerJob): Promise<Graphs> => book.graph(job.id).catch(() => EMPTY);
  const isShown = (job: ServerJob): boolean => isListed(job) && !hidden.has(job.id, Date.parse(job.createdAt));

  async function cancel(jobs: readonly ServerJob[]): Promise<void> {
    await Promise.all(jobs.map(({ id }) => server.api.jobs.cancel.mutate({ id })));
    await book.refresh();
  }
  const aliveOf = (ids: readonly string[]): ServerJob[] => book.alive().filter(({ id }) => ids.includes(id));

  async function queue(): Promise<Response> {
    if (await isHere()) await book.read();
    const items = await Promise.all(
      book.alive().map(async (job) => ({ job, item: queueItem(job, await graph(job), book.number(job)) })),
    );
    const of = (isPending: boolean) =>
      items.filter(({ job }) => (comfyStatus(job) === 'pending') === isPending).map(({ item }) => item);
    return reply({ queue_running: of(false), queue_pending: of(true) });
  }

  async function history(params: URLSearchParams): Promise<Response> {
    if (!(await isHere())) return reply({});
    await book.read();
    const [offset, most] = [count(params, 'offset', 0), count(params, 'max_items', 200)];
    const { items } = await book.ended(offset + most, isShown);
    const entries = await Promise.all(
      items
        .slice(offset, offset + most)
        .map(async (job) => [job.id, historyEntry(job, await graph(job), book.number(job))] as const),
    );
    return reply(Object.fromEntries(entries.reverse()));
  }

  async function jobs(params: URLSearchParams): Promise<Response> {
    if (await isHere()) await book.read();
    const wanted = params.get('status')?.split(',') ?? null;
    const workflowId = params.get('workflow_id');
    const isWanted = (job: ServerJob): boolean =>
      (wanted === null || wanted.includes(comfyStatus(job))) && (workflowId === null || job.workflowId === workflowId);
    const offset = count(params, 'offset', 0);
    const limit = count(params, 'limit', 200) || 200;
    const alive = book.alive().filter(isWanted);
    const wantsEnded = wanted === null || wanted.some((word) => ['completed', 'failed', 'cancelled'].includes(word));
    const ended =
      wantsEnded && server.standing().is === 'here'
        ? await book.ended(offset + limit - alive.length, (job) => isWanted(job) && isShown(job))
        : { items: [], hasMore: false };
    const rows = [...alive, ...ended.items];
    const page = rows.slice(offset, offset + limit);
    const hasMore = ended.hasMore || rows.length > offset + limit;
    return reply({
      jobs: page.map((job) => jobItem(job, book.number(job))),
      pagination: {
        offset,
        limit,
        total: offset + page.length + (hasMore ? 1 : 0),
        has_more: hasMore,
      },
    });
  }

  async function one(id: string, form: (job: ServerJob, graphs: Graphs) => unknown): Promise<Response> {
    const job = book.jobs().find((known) => known.id === id) ?? (await server.api.jobs.get.query({ id }));
    return reply(form(job, await graph(job)));
  }

  async function stop(init: RequestInit | undefined): Promise<Response> {
    const id = inside(bodyOf(init), 'prompt_id');
    const running = book.alive().filter((job) => comfyStatus(job) === 'in_progress');
    await cancel(typeof id === 'string' ? aliveOf([id]) : running.slice(-1));
    return reply({});
  }

  async function changeQueue(init: RequestInit | undefined): Promise<Response> {
    const body = bodyOf(init);
    if (inside(body, 'clear') === true) await cancel(book.alive().filter((job) => comfyStatus(job) === 'pending'));
    await cancel(aliveOf(texts(inside(body, 'delete'))));
    return reply({});
  }

  function changeHistory(init: RequestInit | undefined): Response {
    const body = bodyOf(init);
    if (inside(body, 'clear') === true) hidden.all(server.now());
    hidden.add(texts(inside(body, 'delete')));
    announcement.notice('Hidden in ComfyUI in this browser. Nothing was deleted: your files stay in the gallery.');
    return reply({});
  }

  const detail = (job: ServerJob, graphs: Graphs) => jobDetail(job, graphs, book.number(job));
  const entry = (job: ServerJob, graphs: Graphs) =>
    isFinal(job.status) ? { [job.id]: historyEntry(job, graphs, book.number(job)) } : {};

  function find(route: string, init: RequestInit | undefined): (() => Promise<Response> | Response) | null {
    const { pathname, searchParams } = new URL(route, 'http://here.invalid');
    const [noun = '', id, verb] = pathname.slice(1).split('/').map(decodeURIComponent);
    const isPost = (init?.method ?? 'GET').toUpperCase() === 'POST';
    switch (noun) {
      case 'prompt':
        return isPost ? null : () => reply({ exec_info: { queue_remaining: book.alive().length } });
      case 'queue':
        return () => (isPost ? changeQueue(init) : queue());
      case 'history':
        if (isPost) return () => changeHistory(init);
        return () => (id === undefined ? history(searchParams) : one(id, entry));
      case 'interrupt':
        return () => stop(init);
      case 'jobs':
        if (isPost && id === 'cancel')
          return async () => {
            await cancel(aliveOf(texts(inside(bodyOf(init), 'job_ids'))));
            return reply({});
          };
        if (isPost && id !== undefined && verb === 'cancel')
          return async () => {
            await cancel(aliveOf([id]));
            return reply({});
          };
        return () => (id === undefined ? jobs(searchParams) : one(id, detail));
      default:
        return null;
    }
  }

  return (route: string, init: RequestInit | undefined): Promise<Response> | null => {
    const answer = find(route, init);
    if (!answer) return null;
    const isHistory = route.startsWith('/history');
    const isChange = init?.method?.toUpperCase() === 'POST';
    return Promise.resolve()
      .then(answer)
      .catch((error: unknown) => {
        const { code, message } = failureOf(error);
        if (isChange) announcement.refused(`Could not stop it. ${message}`);
        return reply(isHistory ? {} : NOTHING, code === 'not_found' ? 404 : 503);
      });
  };
}

/** What this browser has taken out of ComfyUI's history. */
export type Hidden = {
  has(id: string, createdAt: number): boolean;
  add(ids: readonly string[]): void;
  all(now: number): void;
};
