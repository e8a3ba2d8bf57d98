/** The last that was heard of a run, of its owner's nodes. Never a number that no worker has said. */
export type LiveRun = {
  /** The node that runs: its title, or its class; null between nodes, and while one of ours runs. */
  readonly node: { readonly id: string; readonly label: string; readonly isLoader: boolean } | null;
  /** Of that node: steps done, of so many; null where it counts none. */
  readonly step: { readonly value: number; readonly max: number } | null;
  /** Nodes that are done, of all. */
  readonly done: number;
  readonly nodes: number;
};

export type Node = { readonly label: string; readonly classType: string };

export type RunState = {
  readonly nodeId: string | null;
  readonly step: LiveRun['step'];
  readonly done: ReadonlySet<string>;
};

export const NOTHING_HEARD: RunState = { nodeId: null, step: null, done: new Set() };

type Heard =
  | { readonly type: 'started' }
  | { readonly type: 'cached'; readonly nodeIds: readonly string[] }
  | { readonly type: 'node'; readonly nodeId: string }
  | { readonly type: 'step'; readonly nodeId: string; readonly value: number; readonly max: number };

/** `own`: the nodes of the participant's graph. Those that we add, and those that a node expands into while it runs, do not count. */
export function afterMessage(state: RunState, heard: Heard, own: ReadonlyMap<string, Node>): RunState {
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
      return {
        ...state,
        nodeId: heard.nodeId,
        step: max > 1 ? { value: Math.min(Math.round(heard.value), max), max } : null,
      };
    }
  }
}

const LOADER = /loader/i;

export function toLiveRun({ nodeId, step, done }: RunState, own: ReadonlyMap<string, Node>): LiveRun {
  const node = nodeId === null ? undefined : own.get(nodeId);
  return {
    node: nodeId === null || !node ? null : { id: nodeId, label: node.label, isLoader: LOADER.test(node.classType) },
    step,
    done: done.size,
    nodes: own.size,
  };
}

/** "KSampler: step 12 of 20", "Loading the model", "VAE Decode"; null where nothing was heard. */
export function liveWords(run: LiveRun | null): string | null {
  if (!run?.node) return null;
  if (run.step) return `${run.node.label}: step ${run.step.value} of ${run.step.max}`;
  return run.node.isLoader ? 'Loading the model' : run.node.label;
}
