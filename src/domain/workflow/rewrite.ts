import type { Warning } from '../warning.ts';
import type { Graph, GraphNode } from './graph.ts';
import { finishMarkers } from './markers.ts';
import { homecoming } from './outputs/homecoming.ts';
import { prefixSaver } from './outputs/output-classes.ts';
import { createPlacer } from './outputs/place-save.ts';

export { clip } from './outputs/safe-path.ts';

/** Under which key a job's id is embedded in every file that carries metadata. */
export const JOB_KEY = 'comfyume_job';
export const STARTED = '_started';
/** Below `<sfs>/outputs`: everything that we have workers write. */
export const ROOT = 'comfyume';

/** What an attempt's folder will hold. Stored with the attempt; everything the collector needs to know of the graph. */
export type Plan = {
  /** Relative to `<sfs>/outputs`. */
  readonly folder: string;
  readonly saves: readonly {
    readonly nodeId: string;
    /** The node that writes for it in the graph that is sent, where that is another one. */
    readonly senderId?: string;
    readonly classType: string;
    /** Its files are previews: shown on the node and the job, not kept in the gallery. */
    readonly isPreview: boolean;
    /** Sub-folder of `folder` for this node's files. */
    readonly dir: string;
    /** The finish marker that is written after all of this node's files; null when none can be built. */
    readonly marker: string | null;
  }[];
  /** Nodes whose text is in no file: only the worker's history has it. */
  readonly texts?: readonly { readonly nodeId: string; readonly classType: string }[];
  /** The last node of each finish marker's chain, to recognise it in a worker's node errors. */
  readonly markerNodes: Readonly<Record<string, string>>;
};

export type WorkerAbilities = {
  /** Of ComfyUI; null = unknown. */
  readonly version: string | null;
};

export type Rewritten = {
  readonly prompt: Graph;
  readonly plan: Plan;
  /** Folders that nodes were told to write into, and may not make themselves. */
  readonly folders: readonly string[];
  readonly warnings: readonly Warning[];
};

/**
 * The graph as it is sent: every save node writes into a folder of this attempt and of its own, nodes that only show save what they show
 * (workflow/outputs/previews.ts), one more save node tells the start, and others tell that files are written (workflow/markers.ts). Nothing else differs.
 */
export function rewriteGraph(graph: Graph, attemptId: string, { version }: WorkerAbilities, now: number): Rewritten {
  const { previews, saves, warnings } = homecoming(graph, version);
  const prompt: Record<string, GraphNode> = { ...previews.graph };
  const folder = `${ROOT}/${attemptId}`;
  let tag = 'comfyume';
  while (Object.keys(graph).some((id) => id.startsWith(tag))) tag += '_';

  prompt[`${tag}_start`] = { class_type: 'EmptyImage', inputs: { width: 1, height: 1, batch_size: 1, color: 0 } };
  prompt[`${tag}${STARTED}`] = {
    class_type: 'SaveImage',
    inputs: { images: [`${tag}_start`, 0], filename_prefix: `${folder}/${STARTED}` },
  };

  const placer = createPlacer({ graph, sent: prompt, tag, version, now });
  const writers = [
    ...saves.map((save) => ({ ...save, senderId: save.nodeId, isPreview: false })),
    ...previews.writers.map(({ input, ...writer }) => ({ ...writer, saver: prefixSaver(input), isPreview: true })),
  ];
  for (const [index, { senderId, classType, saver }] of writers.entries())
    placer.place({ nodeId: senderId, classType, saver }, `${folder}/${index}`);
  const senderIds = writers.map(({ senderId }) => senderId);
  const { nodes, markerOf, markerNodes } = finishMarkers(prompt, senderIds, tag, { id: attemptId, folder, version });
  const plan = {
    folder,
    saves: writers.map(({ nodeId, senderId, classType, isPreview }, index) => ({
      nodeId,
      ...(senderId !== nodeId && { senderId }),
      classType,
      isPreview,
      dir: String(index),
      marker: markerOf.get(senderId) ?? null,
    })),
    markerNodes,
    ...(previews.inHistory.length > 0 && { texts: previews.inHistory }),
  };
  return {
    prompt: { ...prompt, ...nodes },
    plan,
    folders: placer.folders,
    warnings: [...warnings, ...placer.warnings],
  };
}

/** The plan that is left when a worker accepted the prompt but refused some of its outputs. */
export function withoutRefused(plan: Plan, refused: ReadonlySet<string>): Plan {
  return {
    ...plan,
    saves: plan.saves
      .filter(({ nodeId, senderId }) => !refused.has(senderId ?? nodeId))
      .map((save) =>
        save.marker !== null && refused.has(plan.markerNodes[save.marker] ?? '') ? { ...save, marker: null } : save,
      ),
  };
}
