import { isFinal } from '#src/domain/jobs/job.ts';
import { workflowIdOf } from '#src/domain/workflow/workflow-id.ts';
import type { Book } from './book.ts';
import type { Comfy, Fetch, OpenGraph } from './comfy.ts';
import type { Files } from './files.ts';
import { inside, texts } from './json.ts';
import type { Live } from './live.ts';
import { recall, remember } from './memory.ts';
import type { Refusals } from './refusals.ts';
import type { ServerJob } from './server.ts';
import { executed, executionError, filesOf, type Graphs, nodesWithFiles, progressState } from './shapes.ts';

/** So many finished jobs that are known are looked at for what a graph that was just opened had made last. */
const MAX_CHECKED = 12;
const MAX_OWED = 200;

/** Nodes inside a subgraph are named by the way to them; only the first step is in the graph itself. */
const outermost = (nodeId: string): string => nodeId.split(':')[0] ?? nodeId;

/** Whether a job was made from the graph that is open: the same workflow and, for these nodes, the same kind of node at the same place. */
export function belongs(graphs: Graphs, nodeIds: readonly string[], open: OpenGraph): boolean {
  if (isOther(workflowIdOf(graphs.workflow), open)) return false;
  const checked = nodeIds.length > 0 ? nodeIds : Object.keys(inside(graphs, 'prompt') ?? {});
  return checked.every((nodeId) => {
    const type = open.typeOf(outermost(nodeId));
    return nodeId.includes(':')
      ? type !== null
      : type !== null && type === inside(graphs, 'prompt', nodeId, 'class_type');
  });
}
const isOther = (workflowId: string | null, open: OpenGraph): boolean =>
  workflowId !== null && open.id !== null && workflowId !== open.id;

const isOnGpu = ({ phase }: ServerJob): boolean => phase === 'rendering' || phase === 'delivering';

/** The runs of this tab whose end its page has not been told. Kept over a reload: a refusal is to be seen all the same. */
function openOwed() {
  let ids = texts(recall('sessionStorage', 'owed'));
  const keep = (next: string[]): void => {
    ids = next.slice(-MAX_OWED);
    remember('sessionStorage', 'owed', ids);
  };
  return {
    has: (id: string): boolean => ids.includes(id),
    add: (id: string): void => keep([...ids, id]),
    settle: (id: string): void => {
      if (ids.includes(id)) keep(ids.filter((other) => other !== id));
    },
  };
}

/**
 * Makes the front end show what our jobs do, as if they ran in it. What runs, and how it ended, is told of every run of this tab, whichever workflow is open,
 * and of others if they were made from the one that is; files, and what a worker refused, only where they belong.
 */
export function createArrival(
  comfy: Pick<Comfy, 'openGraph' | 'redraw' | 'tell'>,
  book: Pick<Book, 'alive' | 'graph' | 'jobs' | 'madeFrom'>,
  files: Pick<Files, 'know' | 'ready' | 'textOf'>,
  refusals: Pick<Refusals, 'isRefused' | 'raise'>,
  live: Live,
  native: Fetch,
  now: () => number,
) {
  /** How many results of a node were shown. */
  const shown = new Map<string, number>();
  /** Told to have begun, and not yet to have ended. */
  const started = new Map<string, ServerJob>();
  const owed = openOwed();
  let queued = -1;
  let isMoving = false;
  let turn = Promise.resolve();

  /** One after the other: two readings of the list must not both tell an end. */
  function inTurn(task: () => Promise<void>): Promise<void> {
    turn = turn.then(task).catch((error: unknown) => console.error('comfyume: could not show a job.', error));
    return turn;
  }

  async function isOpen(job: ServerJob): Promise<boolean> {
    const open = comfy.openGraph();
    if (!open || isOther(job.workflowId, open)) return false;
    // Whether it belongs here cannot be told without its graph; the next event asks again.
    const graphs = await book.graph(job.id).catch(() => null);
    return graphs !== null && belongs(graphs, nodesWithFiles(job), open);
  }

  async function showResults(job: ServerJob): Promise<void> {
    const made = filesOf(job);
    await files.ready(native, made);
    for (const nodeId of nodesWithFiles(job)) {
      const own = made.filter((result) => result.nodeId === nodeId);
      const key = `${job.id} ${nodeId}`;
      if (shown.get(key) === own.length) continue;
      shown.set(key, own.length);
      comfy.tell('executed', executed(job, nodeId, own, files.textOf));
    }
    comfy.redraw();
  }

  /** Makes the front end read queue and history again. */
  function tellQueued(count: number): void {
    queued = count;
    comfy.tell('status', { exec_info: { queue_remaining: count } });
  }
  const tellStart = (job: ServerJob): void =>
    comfy.tell('execution_start', { prompt_id: job.id, timestamp: Date.parse(job.startedAt ?? '') || now() });
  function start(job: ServerJob): void {
    if (started.has(job.id)) return;
    started.set(job.id, job);
    tellStart(job);
  }

  function end(job: ServerJob): void {
    const at = { prompt_id: job.id, timestamp: Date.parse(job.endedAt ?? '') || now() };
    if (job.status === 'completed') comfy.tell('execution_success', at);
    else if (job.status === 'failed') comfy.tell('execution_error', executionError(job));
    else comfy.tell('execution_interrupted', { ...at, node_id: '', node_type: '', executed: [] });
    live.ended(job.id);
    if (!started.delete(job.id)) return;
    comfy.tell('executing', null);
    // The front end follows one run at a time: now it is another that goes on. A start would take an error off the screen.
    const other = [...started.values()].at(-1);
    if (other && job.status !== 'failed') tellStart(other);
  }

  /** The newest is enough: they were all made from the graph that is open. */
  function raise(refused: readonly ServerJob[]): void {
    for (const { id } of refused) owed.settle(id);
    const newest = refused.at(-1);
    if (newest && !refusals.raise(newest)) comfy.tell('execution_error', executionError(newest));
  }

  async function follow(job: ServerJob, was: ServerJob | undefined): Promise<void> {
    const isOver = isFinal(job.status);
    const isOwed = owed.has(job.id) || started.has(job.id);
    // A job of elsewhere that was over before we looked is history; `again` shows it where it belongs.
    if (was === undefined && isOver && !isOwed) return;
    const hasMore = filesOf(job).length > (was ? filesOf(was).length : 0);
    const hasMoved = was?.status !== job.status || was.phase !== job.phase;
    if (!hasMore && !hasMoved && !(isOver && isOwed)) return;
    const open = await isOpen(job);
    if (!open && !isOwed) return;
    if (job.phase === 'waking') comfy.tell('notification', { id: job.id, value: 'Waiting for a machine' });
    const ends = isOver && (isOwed || hasMoved);
    if (isOnGpu(job) || (ends && job.startedAt !== null)) start(job);
    if (open) await showResults(job);
    const done = nodesWithFiles(job);
    if (!isOver && done.length > 0 && !job.live?.node) {
      comfy.tell('progress_state', progressState(job, done));
      live.forget();
    }
    if (!ends) return;
    owed.settle(job.id);
    end(job);
  }

  /** Of the runs that have begun the newest that is heard, and was made from the graph that is open. */
  async function heard(): Promise<ServerJob | null> {
    for (const { id } of [...started.values()].reverse()) {
      const job = book.jobs().find((one) => one.id === id);
      if (job?.live?.node && (await isOpen(job))) return job;
    }
    return null;
  }
  const showHeard = async (): Promise<void> => live.show(await heard());

  /** Refused runs of this tab that were made from the graph that is open, oldest first. */
  async function refusedHere(): Promise<ServerJob[]> {
    const here: ServerJob[] = [];
    for (const job of [...book.jobs()].reverse())
      if (owed.has(job.id) && refusals.isRefused(job) && (await isOpen(job))) here.push(job);
    return here;
  }

  async function showLastMade(): Promise<void> {
    const made = book.jobs().filter((job) => isFinal(job.status) && filesOf(job).length > 0);
    const open = comfy.openGraph();
    if (!open) return;
    const near = made.filter(({ workflowId }) => !isOther(workflowId, open)).slice(0, MAX_CHECKED);
    for (const job of near) if (await isOpen(job)) return showResults(job);
    if (open.id === null) return;
    // It may be older than what the list has.
    // Where that cannot be asked now, it is asked when the server is back.
    for (const job of await book.madeFrom(open.id).catch(() => [])) {
      if (filesOf(job).length === 0 || !(await isOpen(job))) continue;
      files.know(filesOf(job));
      return showResults(job);
    }
  }

  return {
    /** A run of this tab was taken. It is counted at once, however soon it ends: “Run (Instant)” goes on when the count falls to none. */
    sent(jobId: string): void {
      owed.add(jobId);
      tellQueued(Math.max(queued, 0) + 1);
    },

    follow(before: readonly ServerJob[], jobs: readonly ServerJob[]): Promise<void> {
      return inTurn(async () => {
        // Signed out: what runs on is no longer this page's. It is again, and ends as it does, when the same person is back.
        for (const job of started.values())
          if (!jobs.some(({ id }) => id === job.id)) end({ ...job, status: 'cancelled' });
        const old = new Map(before.map((job) => [job.id, job]));
        for (const job of [...jobs].reverse())
          if (!refusals.isRefused(job)) await follow(job, old.get(job.id));
          else if (started.has(job.id)) end({ ...job, status: 'cancelled' });
        const waiting = jobs.filter(({ status }) => !isFinal(status)).length;
        const moved = jobs.some((job) => old.get(job.id)?.status !== job.status);
        if (waiting !== queued || moved) tellQueued(waiting);
        await showHeard();
        raise(await refusedHere());
      });
    },

    /** It was heard how far a run is. What comes while others are waited for is shown once. */
    moved(): void {
      if (isMoving) return;
      isMoving = true;
      void inTurn(() => {
        isMoving = false;
        return showHeard();
      });
    },

    /** Another graph is on the screen: nothing is shown on it yet. */
    forget(): void {
      shown.clear();
      live.forget();
    },

    /** A graph was opened, or the page was loaded: what runs of it, what it has made last, and why it was refused. */
    again(): Promise<void> {
      return inTurn(async () => {
        for (const job of book.alive().filter(isOnGpu))
          if (await isOpen(job)) {
            start(job);
            await showResults(job);
          }
        await showHeard();
        await showLastMade();
        raise(await refusedHere());
      });
    },
  };
}
