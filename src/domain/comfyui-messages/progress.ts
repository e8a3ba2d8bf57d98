export type RunningNode = {
  readonly id: string;
  readonly step: { readonly value: number; readonly max: number } | null;
};

/** Which nodes are known to have finished, and which one runs; of the others nothing is known. A node that counts no steps has done none of one. */
export function progressState(promptId: string, finished: readonly string[], running: RunningNode | null) {
  const state = (id: string, is: 'finished' | 'running', value: number, max: number) => [
    id,
    {
      value,
      max,
      state: is,
      node_id: id,
      prompt_id: promptId,
      display_node_id: id,
      parent_node_id: null,
      real_node_id: id,
    },
  ];
  const now = running ? [state(running.id, 'running', running.step?.value ?? 0, running.step?.max ?? 1)] : [];
  return {
    prompt_id: promptId,
    nodes: Object.fromEntries([...finished.map((id) => state(id, 'finished', 1, 1)), ...now]),
  };
}
