import type { Warning } from '../../warning.ts';
import type { Graph } from '../graph.ts';
import { lostOutputs, type Save, savesOf } from './outputs.ts';
import { type Previews, previewsAsSaves } from './previews.ts';

export type Homecoming = {
  readonly previews: Previews;
  readonly saves: readonly Save[];
  /** What of the graph's outputs is not delivered. */
  readonly warnings: readonly Warning[];
};

/** What of a graph's outputs comes back from a worker of this version, and what does not. */
export function homecoming(graph: Graph, version: string | null): Homecoming {
  const previews = previewsAsSaves(graph, { version });
  const shown = new Set([...previews.writers, ...previews.inHistory, ...previews.lost].map(({ nodeId }) => nodeId));
  const lost = lostOutputs(graph).filter(({ nodeId }) => !shown.has(nodeId));
  return { previews, saves: savesOf(graph), warnings: [...lost, ...previews.lost] };
}
