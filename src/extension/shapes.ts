import { type OutputFile, outputOf, outputsOf as outputsByNode } from '#src/domain/comfyui-messages/outputs.ts';
import { progressState as progressOf } from '#src/domain/comfyui-messages/progress.ts';
import { previewStem } from '#src/domain/files/preview-names.ts';
import { isFinal, type JobStatus } from '#src/domain/jobs/job.ts';
import { phaseWords } from '#src/domain/messages/phase-words.ts';
import type { ServerJob, ServerResult } from './server.ts';

/** What ComfyUI’s own server would say of our jobs. Pure. */
export type Graphs = { readonly prompt: unknown; readonly workflow: unknown };

type File = { readonly filename: string; readonly subfolder: string; readonly type: 'output' };

const ms = (iso: string): number => Date.parse(iso);

/** All that a job has made. */
export const filesOf = ({ results, previews }: Pick<ServerJob, 'results' | 'previews'>): readonly ServerResult[] => [
  ...results,
  ...previews,
];

/** Where the front end would look for it in the output folder. */
export function fileOf({ filename, preview }: Pick<ServerResult, 'filename' | 'preview'>): File {
  const path = preview ? previewStem(filename) : filename;
  const cut = path.lastIndexOf('/');
  return { filename: path.slice(cut + 1), subfolder: cut < 0 ? '' : path.slice(0, cut), type: 'output' };
}

/** What a text file says, where that is known. */
type TextOf = (result: Pick<ServerResult, 'id'>) => string | undefined;

const toFiles = (results: readonly ServerResult[], textOf: TextOf): OutputFile[] =>
  results.map((result) => ({
    id: result.id,
    nodeId: result.nodeId,
    kind: result.kind,
    name: result.filename,
    isPreview: result.preview,
    file: fileOf(result),
    text: textOf(result),
  }));

/** By node, as `/history` has them. Texts are not read for it. */
export const outputsOf = (results: readonly ServerResult[]) => outputsByNode(toFiles(results, () => undefined));

const STATUS_WORDS: Record<JobStatus, 'pending' | 'in_progress' | 'completed' | 'failed' | 'cancelled'> = {
  queued: 'pending',
  dispatched: 'in_progress',
  running: 'in_progress',
  delivering: 'in_progress',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};
export const comfyStatus = ({ status }: Pick<ServerJob, 'status'>) => STATUS_WORDS[status];

/** What was cancelled is in none of ComfyUI's lists: newer front ends would call it failed, as they do with their own server. What it made is in the gallery. */
export const isListed = ({ status }: Pick<ServerJob, 'status'>): boolean => status !== 'cancelled';

/** `[number, id, prompt, extra_data, outputs]` */
export function queueItem(job: ServerJob, { prompt, workflow }: Graphs, number: number) {
  return [
    number,
    job.id,
    prompt ?? {},
    { extra_pnginfo: { workflow: workflow ?? undefined }, create_time: ms(job.createdAt), client_id: '' },
    [...new Set(filesOf(job).map(({ nodeId }) => nodeId))],
  ] as const;
}

/** What `execution_error` says, over the socket and in the history: the exception of the node that stopped, or what else ended the job. */
export function executionError(job: ServerJob) {
  const [nodeId, node] = Object.entries(job.nodeErrors ?? {})[0] ?? ['', undefined];
  const error = node?.errors[0];
  const { words, detail } = phaseWords(job, 0);
  // A node that raised is told with its exception's class as details; what a worker refused has a type.
  const raised = error?.type === 'execution_error' ? error.details : error?.type;
  return {
    prompt_id: job.id,
    timestamp: ms(job.endedAt ?? job.createdAt),
    node_id: nodeId,
    node_type: node?.class_type ?? '',
    executed: [],
    exception_type: raised || words,
    exception_message: error?.message || detail || words,
    traceback: [],
    current_inputs: {},
    current_outputs: [],
  };
}

function messages(job: ServerJob): [string, unknown][] {
  const said = (type: string, at: string): [string, unknown] => [type, { prompt_id: job.id, timestamp: ms(at) }];
  const start = said('execution_start', job.startedAt ?? job.createdAt);
  const end = job.endedAt ?? job.createdAt;
  if (job.status === 'completed') return [start, said('execution_success', end)];
  if (job.status === 'cancelled') return [start, said('execution_interrupted', end)];
  return [start, ['execution_error', executionError(job)]];
}

/** One entry of `/history`. */
export function historyEntry(job: ServerJob, graphs: Graphs, number: number) {
  const isDone = job.status === 'completed';
  return {
    prompt: queueItem(job, graphs, number),
    outputs: outputsOf(filesOf(job)),
    status: { status_str: isDone ? 'success' : 'error', completed: isDone, messages: messages(job) },
    meta: {},
  };
}

const MEDIA: Record<ServerResult['kind'], string> = {
  image: 'images',
  video: 'video',
  audio: 'audio',
  model: '3d',
  other: 'files',
};

/** One entry of `/jobs`, as newer front ends ask. */
export function jobItem(job: ServerJob, number: number) {
  const last = job.results.at(-1) ?? job.previews.at(-1);
  return {
    id: job.id,
    status: comfyStatus(job),
    priority: number,
    create_time: ms(job.createdAt),
    execution_start_time: job.startedAt === null ? null : ms(job.startedAt),
    execution_end_time: job.endedAt === null ? null : ms(job.endedAt),
    outputs_count: filesOf(job).length,
    preview_output: last ? { ...fileOf(last), nodeId: last.nodeId, mediaType: MEDIA[last.kind] } : null,
    execution_error: job.status === 'failed' ? executionError(job) : null,
    workflow_id: job.workflowId,
  };
}

/** `/jobs/{id}` */
export const jobDetail = (job: ServerJob, graphs: Graphs, number: number) => ({
  ...jobItem(job, number),
  update_time: ms(job.endedAt ?? job.startedAt ?? job.createdAt),
  outputs: outputsOf(filesOf(job)),
  workflow: { prompt: graphs.prompt, extra_data: { extra_pnginfo: { workflow: graphs.workflow ?? undefined } } },
});

/** The results of one node, as a node that has just run reports them. */
export const executed = (
  job: Pick<ServerJob, 'id'>,
  nodeId: string,
  results: readonly ServerResult[],
  textOf: TextOf,
) => ({
  node: nodeId,
  display_node: nodeId,
  prompt_id: job.id,
  output: outputOf(toFiles(results, textOf)),
});

export const nodesWithFiles = (job: Pick<ServerJob, 'results' | 'previews'>): string[] => [
  ...new Set(filesOf(job).map(({ nodeId }) => nodeId)),
];

/** Which nodes are known to have finished, and which one runs. */
export const progressState = ({ id, live }: Pick<ServerJob, 'id' | 'live'>, finished: readonly string[]) =>
  progressOf(id, finished, live?.node ? { id: live.node.id, step: live.step } : null);

/** A preview picture, out of a `data:` address. */
export function previewOf(jobId: string, { nodeId, url }: { nodeId: string; url: string }) {
  const [, type = '', text = ''] = /^data:(.*);base64,(.*)$/.exec(url) ?? [];
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  return {
    blob: new Blob([bytes], { type }),
    nodeId,
    displayNodeId: nodeId,
    parentNodeId: null,
    realNodeId: nodeId,
    jobId,
  };
}

/**
 * Numbers for the queue and the history. The front end takes into its history only what has a higher number than all that it has there, so a job that ends
 * while we watch gets a higher one than every job that ended before.
 */
export function createNumbers() {
  const given = new Map<string, number>();
  let highest = 0;
  return {
    of(job: Pick<ServerJob, 'id' | 'status' | 'createdAt' | 'endedAt'>, wasAlive: boolean): number {
      if (!isFinal(job.status)) return ms(job.createdAt);
      const before = given.get(job.id);
      if (before !== undefined) return before;
      const ended = ms(job.endedAt ?? job.createdAt);
      const number = wasAlive ? Math.max(ended, highest + 1) : ended;
      given.set(job.id, number);
      highest = Math.max(highest, number);
      return number;
    },
  };
}
