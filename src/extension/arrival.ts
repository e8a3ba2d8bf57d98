import { isFinal } from '#src/domain/job.ts';
import { type Book, workflowId } from './book.ts';
import type { Comfy, Fetch, OpenGraph } from './comfy.ts';
import type { Files } from './files.ts';
import { inside } from './json.ts';
import type { Job, Result } from './server.ts';
import { executed, executionError, filesOf, type Graphs, progressState } from './shapes.ts';

/** So many finished jobs are looked at for what a graph that was just opened had made last. */
const MOST_LOOKED_AT = 12;

/** Nodes inside a subgraph are named by the way to them; only the first step is in the graph itself. */
const outermost = (nodeId: string): string => nodeId.split(':')[0] ?? nodeId;

/** Whether a job was made from the graph that is open: the same workflow and, for these nodes, the same kind of node at the same place. */
export function belongs(graphs: Graphs, nodeIds: readonly string[], open: OpenGraph): boolean {
  const id = workflowId(graphs);
  if (id !== null && open.id !== null && id !== open.id) return false;
  const checked = nodeIds.length > 0 ? nodeIds : Object.keys(inside(graphs, 'prompt') ?? {});
  return checked.every((nodeId) => {
    const type = open.typeOf(outermost(nodeId));
    return nodeId.includes(':')
      ? type !== null
      : type !== null && type === inside(graphs, 'prompt', nodeId, 'class_type');
  });
}

const nodesOf = (results: readonly Result[]): string[] => [...new Set(results.map(({ nodeId }) => nodeId))];

/** Makes the front end show what our jobs do, as if they ran in it; only for the graph that is open. */
export function createArrival(comfy: Comfy, book: Book, files: Files, native: Fetch, now: () => number) {
  /** How many results of a node were shown. */
  const shown = new Map<string, number>();
  const started = new Set<string>();
  let queued = -1;

  async function isOpen(job: Job): Promise<boolean> {
    const open = comfy.openGraph();
    if (!open) return false;
    // Whether it belongs here cannot be told without its graph; the next event asks again.
    const graphs = await book.graph(job.id).catch(() => null);
    return graphs !== null && belongs(graphs, nodesOf(filesOf(job)), open);
  }

  async function showResults(job: Job): Promise<void> {
    const made = filesOf(job);
    await files.ready(native, made);
    const nodes = nodesOf(made);
    for (const nodeId of nodes) {
      const own = made.filter((result) => result.nodeId === nodeId);
      const key = `${job.id} ${nodeId}`;
      if (shown.get(key) === own.length) continue;
      shown.set(key, own.length);
      comfy.tell('executed', executed(job, nodeId, own, files.textOf));
    }
    comfy.redraw();
    if (!isFinal(job.status) && nodes.length > 0) comfy.tell('progress_state', progressState(job, nodes));
  }

  function start(job: Job): void {
    if (started.has(job.id)) return;
    started.add(job.id);
    comfy.tell('execution_start', { prompt_id: job.id, timestamp: Date.parse(job.startedAt ?? '') || now() });
  }

  async function end(job: Job): Promise<void> {
    const at = { prompt_id: job.id, timestamp: Date.parse(job.endedAt ?? '') || now() };
    if (job.status === 'completed') comfy.tell('execution_success', at);
    else if (job.status === 'failed') comfy.tell('execution_error', executionError(job));
    else comfy.tell('execution_interrupted', { ...at, node_id: '', node_type: '', executed: [] });
    if (started.delete(job.id)) comfy.tell('executing', null);
  }

  async function follow(job: Job, was: Job | undefined): Promise<void> {
    const isNews = was !== undefined && was.status !== job.status;
    const hasMore = filesOf(job).length > (was ? filesOf(was).length : 0);
    const isRunning = job.phase === 'rendering' || job.phase === 'delivering';
    if (!isNews && !hasMore && !(was === undefined && isRunning)) return;
    // A job that was over before we looked is history; `again` shows it where it belongs.
    if (was === undefined && isFinal(job.status)) return;
    if (!(await isOpen(job))) return;
    if (isRunning || (isFinal(job.status) && job.startedAt !== null)) start(job);
    await showResults(job);
    if (isNews && isFinal(job.status)) await end(job);
  }

  return {
    async follow(before: readonly Job[], jobs: readonly Job[]): Promise<void> {
      const old = new Map(before.map((job) => [job.id, job]));
      for (const job of [...jobs].reverse()) await follow(job, old.get(job.id));
      const waiting = jobs.filter(({ status }) => !isFinal(status)).length;
      const moved = jobs.some((job) => old.get(job.id)?.status !== job.status);
      // Makes the front end read queue and history again.
      if (waiting !== queued || moved) comfy.tell('status', { exec_info: { queue_remaining: waiting } });
      queued = waiting;
    },

    /** A graph was opened, or the page was loaded: what runs of it, and what it has made last. */
    async again(): Promise<void> {
      shown.clear();
      started.clear();
      for (const job of book.alive().filter(({ phase }) => phase === 'rendering' || phase === 'delivering'))
        if (await isOpen(job)) {
          start(job);
          await showResults(job);
        }
      const made = book.jobs().filter((job) => isFinal(job.status) && filesOf(job).length > 0);
      for (const job of made.slice(0, MOST_LOOKED_AT)) if (await isOpen(job)) return showResults(job);
    },
  };
}
