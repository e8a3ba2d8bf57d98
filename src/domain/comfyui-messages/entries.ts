import type { NodeErrors } from '../errors.ts';
import type { JobStatus, Reason } from '../jobs/job.ts';
import { type GraphNodes, isSocketNode } from './graph-nodes.ts';
import { countPreviewable, type OutputFile, outputsOf, previewOutput } from './outputs.ts';

/** A job as ComfyUI's API tells of it. Times are epoch milliseconds. */
export type PromptFacts = {
  readonly promptId: string;
  readonly clientId: string | null;
  readonly status: JobStatus;
  readonly reason: Reason | null;
  readonly message: string | null;
  readonly nodeErrors: NodeErrors | null;
  readonly workflowId: string | null;
  readonly createdAt: number;
  readonly queuedAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
};

const STATUS_WORDS: Record<JobStatus, 'pending' | 'in_progress' | 'completed' | 'failed' | 'cancelled'> = {
  queued: 'pending',
  dispatched: 'pending',
  running: 'in_progress',
  delivering: 'in_progress',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};
export type ComfyuiStatus = (typeof STATUS_WORDS)[JobStatus];
export const comfyuiStatus = (status: JobStatus): ComfyuiStatus => STATUS_WORDS[status];

const toWords = Object.entries(STATUS_WORDS);
export const COMFYUI_STATUSES = [...new Set(toWords.map(([, word]) => word))];
export const isComfyuiStatus = (word: string): word is ComfyuiStatus => COMFYUI_STATUSES.some((one) => one === word);

/** Waiting jobs by their place, ended ones by their end: front ends take into their history only what has a higher number than what they have. */
export const numberOf = ({ queuedAt, endedAt }: PromptFacts): number => endedAt ?? queuedAt;

/** Of a new prompt: ComfyUI gives what goes first a number below zero. */
export const numberOfNew = (createdAt: number, goesFirst: boolean): number => (goesFirst ? -createdAt : createdAt);

/** What `execution_error` says: the exception of the node that stopped, or what else ended the job. */
export function executionError({ promptId, reason, message, nodeErrors, endedAt, createdAt }: PromptFacts) {
  const [nodeId, node] = Object.entries(nodeErrors ?? {})[0] ?? ['', undefined];
  const error = node?.errors[0];
  // A node that raised is told with its exception's class as details; what a worker refused has a type.
  const raised = error?.type === 'execution_error' ? error.details : error?.type;
  return {
    prompt_id: promptId,
    timestamp: endedAt ?? createdAt,
    node_id: nodeId,
    node_type: node?.class_type ?? '',
    executed: [],
    exception_message: error?.message || message || 'The job failed.',
    exception_type: raised || reason || 'failed',
    traceback: [],
    current_inputs: {},
    current_outputs: [],
  };
}

type Stamp = { readonly prompt_id: string; readonly timestamp: number };
export type EndMessage =
  | { readonly type: 'execution_success'; readonly data: Stamp }
  | {
      readonly type: 'execution_interrupted';
      readonly data: Stamp & { readonly node_id: string; readonly node_type: string; readonly executed: never[] };
    }
  | { readonly type: 'execution_error'; readonly data: ReturnType<typeof executionError> };

/** How it ended, as its socket and the history are told; null = it has not. */
export function endMessage(facts: PromptFacts): EndMessage | null {
  const stamp = { prompt_id: facts.promptId, timestamp: facts.endedAt ?? facts.createdAt };
  switch (facts.status) {
    case 'queued':
    case 'dispatched':
    case 'running':
    case 'delivering':
      return null;
    case 'completed':
      return { type: 'execution_success', data: stamp };
    case 'cancelled':
      return { type: 'execution_interrupted', data: { ...stamp, node_id: '', node_type: '', executed: [] } };
    case 'failed':
      return { type: 'execution_error', data: executionError(facts) };
  }
}

export const startStamp = ({ promptId, startedAt, endedAt, createdAt }: PromptFacts): Stamp => ({
  prompt_id: promptId,
  timestamp: startedAt ?? endedAt ?? createdAt,
});

/** The parts of an entry that are kept as they came, as JSON text. */
export type PromptTexts = GraphNodes & { readonly prompt: string; readonly workflow: string | null };

/** ComfyUI's `extra_data`, as JSON text. */
const extraData = ({ clientId, createdAt }: PromptFacts, { workflow }: PromptTexts): string => {
  const rest = JSON.stringify({ ...(clientId !== null && { client_id: clientId }), create_time: createdAt });
  return workflow === null ? rest : `{"extra_pnginfo":{"workflow":${workflow}},${rest.slice(1)}`;
};

/** `[number, id, prompt, extra_data, outputs]`, as JSON text: numbers in graphs keep every digit. */
export const queueItem = (facts: PromptFacts, texts: PromptTexts): string =>
  `[${numberOf(facts)},${JSON.stringify(facts.promptId)},${texts.prompt},${extraData(facts, texts)},${texts.outputNodes}]`;

function executionStatus(facts: PromptFacts) {
  const start = startStamp(facts);
  const end = endMessage(facts);
  const isDone = facts.status === 'completed';
  return {
    status_str: isDone ? 'success' : 'error',
    completed: isDone,
    messages: [
      ['execution_start', start],
      ['execution_cached', { nodes: [], ...start }],
      ...(end ? [[end.type, end.data]] : []),
    ],
  };
}

const listed = (files: readonly OutputFile[], { classes }: PromptTexts) =>
  outputsOf(
    files.filter(({ nodeId }) => !isSocketNode(classes.get(nodeId))),
    classes,
  );

/** One entry of `/history`, as JSON text. */
export function historyEntry(facts: PromptFacts, files: readonly OutputFile[], texts: PromptTexts): string {
  const outputs = listed(files, texts);
  const meta = Object.fromEntries(
    Object.keys(outputs).map((id) => [id, { node_id: id, display_node: id, parent_node: null, real_node_id: id }]),
  );
  const rest = JSON.stringify({ outputs, status: executionStatus(facts), meta });
  return `{"prompt":${queueItem(facts, texts)},${rest.slice(1)}`;
}

/** One entry of `/jobs`. What is not known is left out, as ComfyUI does. */
export function jobItem(facts: PromptFacts, files: readonly OutputFile[]) {
  const { promptId, status, createdAt, startedAt, endedAt, workflowId } = facts;
  const isOver = endedAt !== null;
  return {
    id: promptId,
    status: comfyuiStatus(status),
    priority: numberOf(facts),
    create_time: createdAt,
    ...(isOver && { execution_start_time: startedAt ?? endedAt, execution_end_time: endedAt }),
    ...(status === 'failed' && { execution_error: executionError(facts) }),
    outputs_count: isOver ? files.length : 0,
    previewable_outputs_count: isOver ? countPreviewable(files) : 0,
    ...(isOver && files.length > 0 && { preview_output: previewOutput(files) }),
    ...(workflowId !== null && { workflow_id: workflowId }),
  };
}

/** `/jobs/{id}`, as JSON text. ComfyUI gives the graph of what has ended only; front ends can show one of a waiting job too. */
export function jobDetail(facts: PromptFacts, files: readonly OutputFile[], texts: PromptTexts): string {
  const rest = JSON.stringify({
    ...jobItem(facts, files),
    ...(facts.endedAt !== null && { outputs: listed(files, texts), execution_status: executionStatus(facts) }),
  });
  const workflow = `{"prompt":${texts.prompt},"extra_data":${extraData(facts, texts)}}`;
  return `${rest.slice(0, -1)},"workflow":${workflow}}`;
}
