import { roughly } from '../measures.ts';
import { afterStep, lastStepAt, type Steps } from './step-rate.ts';

/** The last that was heard of a run, of its owner's nodes. Never a number that no worker has said. */
export type LiveRun = {
  /** The node that runs: its title, or its class; null between nodes, and while one of ours runs. */
  readonly node: {
    readonly id: string;
    readonly label: string;
    readonly classType: string;
    readonly isLoader: boolean;
  } | null;
  /** Of that node: steps done, of so many, and when the last is done at their rate (ISO); null where it counts none, or its rate is not known yet. */
  readonly step: { readonly value: number; readonly max: number; readonly endsAt: string | null } | null;
  /** Nodes that are done, of all. */
  readonly done: number;
  readonly nodes: number;
};

export type Node = { readonly label: string; readonly classType: string };

export type RunState = {
  readonly nodeId: string | null;
  readonly step: Steps | null;
  readonly done: ReadonlySet<string>;
};

export const NOTHING_HEARD: RunState = { nodeId: null, step: null, done: new Set() };

type Heard =
  | { readonly type: 'started' }
  | { readonly type: 'cached'; readonly nodeIds: readonly string[] }
  | { readonly type: 'node'; readonly nodeId: string }
  | { readonly type: 'step'; readonly nodeId: string; readonly value: number; readonly max: number };

/**
 * `own`: the nodes of the participant's graph. Those that we add, and those that a node expands into while it runs, do not count. `now`: when it was heard
 * (epoch ms).
 */
export function afterMessage(state: RunState, heard: Heard, own: ReadonlyMap<string, Node>, now: number): RunState {
  switch (heard.type) {
    case 'started':
      return NOTHING_HEARD;
    case 'cached':
      return { ...state, done: new Set([...state.done, ...heard.nodeIds.filter((id) => own.has(id))]) };
    case 'node': {
      const nodeId = own.has(heard.nodeId) ? heard.nodeId : null;
      if (nodeId === state.nodeId) return state;
      // Copied once for each node, however often a worker names it.
      const isCounted = state.nodeId === null || state.done.has(state.nodeId);
      return { nodeId, step: null, done: isCounted ? state.done : new Set([...state.done, state.nodeId ?? '']) };
    }
    case 'step': {
      if (!own.has(heard.nodeId)) return state;
      const max = Math.round(heard.max);
      const before = state.nodeId === heard.nodeId ? state.step : null;
      return {
        ...state,
        nodeId: heard.nodeId,
        step: max > 1 ? afterStep(before, Math.min(Math.round(heard.value), max), max, now) : null,
      };
    }
  }
}

const LOADER = /loader/i;

export function toLiveRun({ nodeId, step, done }: RunState, own: ReadonlyMap<string, Node>): LiveRun {
  const node = nodeId === null ? undefined : own.get(nodeId);
  const end = step && lastStepAt(step);
  return {
    node:
      nodeId === null || !node
        ? null
        : { id: nodeId, label: node.label, classType: node.classType, isLoader: LOADER.test(node.classType) },
    step: step && { value: step.value, max: step.max, endsAt: end === null ? null : new Date(end).toISOString() },
    done: done.size,
    nodes: own.size,
  };
}

/** What is left of the steps of the node that runs, at their own rate; null where that is not known, or should be over. */
export function stepsLeftMs(run: LiveRun | null, now: number): number | null {
  const ms = run?.step?.endsAt ? Date.parse(run.step.endsAt) - now : 0;
  return ms > 0 ? ms : null;
}

function leftWords(ms: number): string {
  const seconds = ms / 1000;
  return `${seconds < 60 ? 'about ' : ''}${roughly(seconds)} left`;
}

/** "KSampler: step 12 of 20, about 8 s left", "Loading the model", "VAE Decode"; null where nothing was heard. */
export function liveWords(run: LiveRun | null, now: number): string | null {
  if (!run?.node) return null;
  if (!run.step) return run.node.isLoader ? 'Loading the model' : run.node.label;
  const { value, max } = run.step;
  const leftMs = stepsLeftMs(run, now);
  return `${run.node.label}: step ${value} of ${max}${leftMs === null ? '' : `, ${leftWords(leftMs)}`}`;
}
