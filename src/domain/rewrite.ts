import { type Graph, type GraphNode, isLink } from './graph.ts';
import type { Saver } from './workflow/output-classes.ts';
import { savesOf, type Warning } from './workflow/outputs.ts';
import { createPlacer } from './workflow/place-save.ts';

export { clip } from './workflow/safe-path.ts';

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
    readonly classType: string;
    /** Its files are previews: shown on the node and the job, not kept in the gallery. */
    readonly isPreview: boolean;
    /** Sub-folder of `folder` for this node's files. */
    readonly dir: string;
    /** The finish marker that is written after all of this node's files; null when none can be built. */
    readonly marker: string | null;
  }[];
  /** The last node of each finish marker's chain, to recognise it in a worker's node errors. */
  readonly markerNodes: Readonly<Record<string, string>>;
};

/** The IMAGE link after which only this node itself has to run, or null. */
function imageLink({ inputs }: GraphNode, { feed }: Saver): readonly [string, number] | null {
  if (feed?.type !== 'IMAGE') return null;
  const link = inputs[feed.input];
  if (!isLink(link)) return null;
  return Object.entries(inputs).some(([name, value]) => name !== feed.input && isLink(value)) ? null : link;
}

/** Numbers that differ between attempts, so that no worker's cache can hold the marker's chain. 1 to 128 each. */
function sizeOf(attemptId: string): { width: number; height: number } {
  const bits = Number.parseInt(attemptId.replaceAll('-', '').slice(-4), 16);
  return { width: 1 + (bits & 0x7f), height: 1 + ((bits >> 7) & 0x7f) };
}

export type Worker = {
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
 * The graph as it is sent: every save node writes into a folder of this attempt and of its own, one more save node tells the start, and one for each
 * IMAGE link that feeds save nodes tells that their files are written. Nothing else differs from the original.
 *
 * Why the finish marker comes last: a worker runs outputs that are ready before any other node, so `link → ImageFromBatch → ImageScale → SaveImage`
 * cannot overtake the save nodes that hang on the link itself (docs/decisions/markers.md).
 */
export function rewriteGraph(graph: Graph, attemptId: string, { version }: Worker, now: number): Rewritten {
  const prompt: Record<string, GraphNode> = { ...graph };
  const folder = `${ROOT}/${attemptId}`;
  let tag = 'comfyume';
  while (Object.keys(graph).some((id) => id.startsWith(tag))) tag += '_';

  prompt[`${tag}_start`] = { class_type: 'EmptyImage', inputs: { width: 1, height: 1, batch_size: 1, color: 0 } };
  prompt[`${tag}${STARTED}`] = {
    class_type: 'SaveImage',
    inputs: { images: [`${tag}_start`, 0], filename_prefix: `${folder}/${STARTED}` },
  };

  const placer = createPlacer({ graph, sent: prompt, tag, version, now });
  const markers = new Map<string, string>();
  const markerNodes: Record<string, string> = {};
  const saves = savesOf(graph).map((own, index) => {
    const { nodeId, classType, saver } = own;
    const dir = String(index);
    placer.place(own, `${folder}/${dir}`);
    const link = imageLink(prompt[nodeId]!, saver);
    const save = { nodeId, classType, isPreview: false, dir };
    if (!link) return { ...save, marker: null };
    const key = JSON.stringify(link);
    let marker = markers.get(key);
    if (marker === undefined) {
      marker = `_finished${markers.size}`;
      markers.set(key, marker);
      const id = `${tag}${marker}`;
      markerNodes[marker] = id;
      prompt[`${id}_first`] = { class_type: 'ImageFromBatch', inputs: { image: link, batch_index: 0, length: 1 } };
      prompt[`${id}_small`] = {
        class_type: 'ImageScale',
        inputs: { image: [`${id}_first`, 0], upscale_method: 'nearest-exact', ...sizeOf(attemptId), crop: 'disabled' },
      };
      prompt[id] = {
        class_type: 'SaveImage',
        inputs: { images: [`${id}_small`, 0], filename_prefix: `${folder}/${marker}` },
      };
    }
    return { ...save, marker };
  });
  return { prompt, plan: { folder, saves, markerNodes }, folders: placer.folders, warnings: placer.warnings };
}

/** The plan that is left when a worker accepted the prompt but refused some of its outputs. */
export function withoutRefused(plan: Plan, refused: ReadonlySet<string>): Plan {
  return {
    ...plan,
    saves: plan.saves
      .filter((save) => !refused.has(save.nodeId))
      .map((save) =>
        save.marker !== null && refused.has(plan.markerNodes[save.marker] ?? '') ? { ...save, marker: null } : save,
      ),
  };
}

/** A copy in which every seed is another one: `next` gives a whole number below 2^48. Linked seeds stay as they are. */
export function withNewSeeds(graph: Graph, next: () => number): Graph {
  const seeds = ['seed', 'noise_seed'];
  return Object.fromEntries(
    Object.entries(graph).map(([id, node]) => {
      const fresh = seeds
        .filter((name) => typeof node.inputs[name] === 'number')
        .map((name) => [name, next()] as const);
      return [id, fresh.length > 0 ? { ...node, inputs: { ...node.inputs, ...Object.fromEntries(fresh) } } : node];
    }),
  );
}
