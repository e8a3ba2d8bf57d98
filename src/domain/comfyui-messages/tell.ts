import type { LiveRun } from '../jobs/live-run.ts';
import { endMessage, type PromptFacts, startStamp } from './entries.ts';
import { isSocketNode } from './graph-nodes.ts';
import { type OutputFile, outputOf } from './outputs.ts';
import { progressState, type RunningNode } from './progress.ts';

/** ComfyUI's own page, or any other program. */
export type Listener = 'page' | 'program';

/** A job of a socket, as it is just now. */
export type PromptState = {
  readonly facts: PromptFacts;
  readonly files: readonly OutputFile[];
  /** What its worker said last, where something is heard. */
  readonly live: LiveRun | null;
  /** Any of its nodes, for programs that wait until one runs. */
  readonly anyNode: string;
  /** By node. */
  readonly classes: ReadonlyMap<string, string>;
};

export type Message =
  | { readonly type: 'json'; readonly name: string; readonly data: object }
  /** How many jobs are left. */
  | { readonly type: 'status' }
  /** A result, as bytes. */
  | { readonly type: 'picture'; readonly resultId: string };

/** What one socket was told of one job. */
export type Said = {
  readonly isWaiting: boolean;
  readonly isStarted: boolean;
  /** When it was told of the beginning; where an earlier socket was, when this one opened. */
  readonly startedAt: number | null;
  readonly node: string | null;
  readonly progress: string;
  /** How many files of each node. */
  readonly files: ReadonlyMap<string, number>;
  readonly isEnded: boolean;
};
export const NOTHING_SAID: Said = {
  isWaiting: false,
  isStarted: false,
  startedAt: null,
  node: null,
  progress: '',
  files: new Map(),
  isEnded: false,
};

/** Some programs read the history when a node runs, and only then listen for results. */
const HOLD_BACK_MS = 500;

const json = (name: string, data: object): Message => ({ type: 'json', name, data });
const executing = (promptId: string, node: string): Message =>
  json('executing', { node, display_node: node, prompt_id: promptId });

export const isBegun = ({ status, startedAt, endedAt }: PromptFacts): boolean =>
  startedAt !== null || endedAt !== null || status === 'running' || status === 'delivering';

/** Nobody has a machine for it yet: only the page knows what to do with it. */
function waiting({ facts }: PromptState, said: Said, listener: Listener): { messages: Message[]; said: Said } {
  if (said.isWaiting || listener === 'program') return { messages: [], said };
  return {
    messages: [json('notification', { id: facts.promptId, value: 'Waiting for a machine' })],
    said: { ...said, isWaiting: true },
  };
}

function started({ facts }: PromptState, said: Said, now: number): { messages: Message[]; said: Said } {
  if (said.isStarted) return { messages: [], said };
  const stamp = startStamp(facts);
  return {
    messages: [json('execution_start', stamp), json('execution_cached', { nodes: [], ...stamp })],
    said: { ...said, isStarted: true, startedAt: now },
  };
}

/** Which node runs, and how far it is. */
function progress(prompt: PromptState, said: Said, listener: Listener): { messages: Message[]; said: Said } {
  const { facts, live, files, anyNode } = prompt;
  const node = live?.node?.id ?? said.node ?? (listener === 'program' ? anyNode : null);
  const messages: Message[] = [];
  const running: RunningNode | null = live?.node ? { id: live.node.id, step: live.step } : null;
  const state = progressState(facts.promptId, [...new Set(files.map(({ nodeId }) => nodeId))], running);
  const words = JSON.stringify(state);
  if (words !== said.progress && (running || files.length > 0)) messages.push(json('progress_state', state));
  if (node !== null && node !== said.node) messages.push(executing(facts.promptId, node));
  if (words !== said.progress && running?.step) {
    const { value, max } = running.step;
    messages.push(json('progress', { value, max, prompt_id: facts.promptId, node: running.id }));
  }
  return { messages, said: { ...said, node, progress: words } };
}

/** The files of each node of which there are more now. */
function executed(
  { facts, files, classes }: PromptState,
  said: Said,
  listener: Listener,
): { messages: Message[]; said: Said } {
  const counts = new Map(said.files);
  const messages: Message[] = [];
  let { node } = said;
  for (const nodeId of new Set(files.map((file) => file.nodeId))) {
    const own = files.filter((file) => file.nodeId === nodeId);
    if (own.length === counts.get(nodeId)) continue;
    counts.set(nodeId, own.length);
    const classType = classes.get(nodeId);
    if (listener === 'program' && nodeId !== node) {
      messages.push(executing(facts.promptId, nodeId));
      node = nodeId;
    }
    if (listener === 'program' && isSocketNode(classType))
      messages.push(...own.map(({ id }): Message => ({ type: 'picture', resultId: id })));
    else
      messages.push(
        json('executed', {
          node: nodeId,
          display_node: nodeId,
          output: outputOf(own, classType),
          prompt_id: facts.promptId,
        }),
      );
  }
  return { messages, said: { ...said, files: counts, node } };
}

/**
 * What a socket is told of a job, given what it was told before. A page is shown files as they come. A program counts results, so it is told each node once,
 * when all are there. `again`: when there is more to tell, though nothing changes.
 */
export function tell(
  prompt: PromptState,
  said: Said,
  listener: Listener,
  now: number,
): { messages: Message[]; said: Said; again: number | null } {
  const { facts } = prompt;
  if (said.isEnded) return { messages: [], said, again: null };
  const messages: Message[] = [];
  let next = said;
  const add = (step: { messages: Message[]; said: Said }) => {
    messages.push(...step.messages);
    next = step.said;
  };
  if (!isBegun(facts) && !said.isStarted) {
    if (facts.status === 'dispatched') add(waiting(prompt, next, listener));
    return { messages, said: next, again: null };
  }
  add(started(prompt, next, now));
  add(progress(prompt, next, listener));
  const end = endMessage(facts);
  if (listener === 'page' && !end) add(executed(prompt, next, listener));
  if (!end) return { messages, said: next, again: null };
  const heldUntil = listener === 'program' && next.startedAt !== null ? next.startedAt + HOLD_BACK_MS : now;
  if (now < heldUntil) return { messages, said: next, again: heldUntil };
  add(executed(prompt, next, listener));
  messages.push(json(end.type, end.data), { type: 'status' });
  messages.push(json('executing', { node: null, prompt_id: facts.promptId }));
  return { messages, said: { ...next, isEnded: true }, again: null };
}
