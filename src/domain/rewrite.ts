import { type Graph, type GraphNode, isLink } from './graph.ts';
import { saveClass } from './save-classes.ts';
import { prefixInput, saveNodeIds } from './save-nodes.ts';

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

const MAX_SEGMENT = 80;
const MAX_SEGMENTS = 6;
/** Half characters (Cs) too: the worker's file system takes none, and its save node would fail. */
const UNSAFE_IN_NAMES = /[\p{Cc}\p{Cs}\\:*?"<>|]/gu;

/** The parts of a path, with all taken out that could lead elsewhere or that a file system does not take. Each has at most `bytes`. */
export const safeParts = (path: string, bytes: number): string[] =>
  path
    .split('/')
    .map((part) => part.replace(UNSAFE_IN_NAMES, '_').trim())
    .filter((part) => part !== '' && !/^\.+$/.test(part))
    .map((part) => clip(part.replace(/^\.+/, '_'), bytes).trimEnd())
    .slice(-MAX_SEGMENTS);

/** A participant's own prefix, kept inside the attempt's folder whatever it holds. The worker replaces its %tokens% as ever. */
export const safePrefix = (prefix: unknown): string =>
  safeParts(typeof prefix === 'string' ? prefix : '', MAX_SEGMENT).join('/') || 'ComfyUI';

/** Cuts to at most `bytes` of UTF-8, whole characters only. */
export function clip(text: string, bytes: number): string {
  let used = 0;
  let end = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    used += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (used > bytes) break;
    end += char.length;
  }
  return text.slice(0, end);
}

/** The IMAGE link after which only this node itself has to run, or null. */
function imageLink(node: GraphNode): readonly [string, number] | null {
  const known = saveClass(node.class_type);
  if (!known?.image) return null;
  const link = node.inputs[known.image];
  if (!isLink(link)) return null;
  const others = Object.entries(node.inputs).filter(([name]) => name !== known.image && name !== known.prefix);
  return others.some(([, value]) => isLink(value)) ? null : link;
}

/** Numbers that differ between attempts, so that no worker's cache can hold the marker's chain. 1 to 128 each. */
function sizeOf(attemptId: string): { width: number; height: number } {
  const bits = Number.parseInt(attemptId.replaceAll('-', '').slice(-4), 16);
  return { width: 1 + (bits & 0x7f), height: 1 + ((bits >> 7) & 0x7f) };
}

/**
 * The graph as it is sent: every save node writes into a folder of this attempt and of its own, one more save node tells the start, and one for each
 * IMAGE link that feeds save nodes tells that their files are written. Nothing else differs from the original.
 *
 * Why the finish marker comes last: a worker runs outputs that are ready before any other node, so `link → ImageFromBatch → ImageScale → SaveImage`
 * cannot overtake the save nodes that hang on the link itself (docs/decisions/markers.md).
 */
export function rewriteGraph(graph: Graph, attemptId: string): { prompt: Graph; plan: Plan } {
  const prompt: Record<string, GraphNode> = { ...graph };
  const folder = `${ROOT}/${attemptId}`;
  let tag = 'comfyume';
  while (Object.keys(graph).some((id) => id.startsWith(tag))) tag += '_';

  prompt[`${tag}_start`] = { class_type: 'EmptyImage', inputs: { width: 1, height: 1, batch_size: 1, color: 0 } };
  prompt[`${tag}${STARTED}`] = {
    class_type: 'SaveImage',
    inputs: { images: [`${tag}_start`, 0], filename_prefix: `${folder}/${STARTED}` },
  };

  const markers = new Map<string, string>();
  const markerNodes: Record<string, string> = {};
  const saves = saveNodeIds(graph).map((nodeId, index) => {
    const node = graph[nodeId]!;
    const input = prefixInput(node)!;
    const dir = String(index);
    prompt[nodeId] = {
      ...node,
      inputs: { ...node.inputs, [input]: `${folder}/${dir}/${safePrefix(node.inputs[input])}` },
    };
    const link = imageLink(node);
    const save = { nodeId, classType: node.class_type, isPreview: false, dir };
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
  return { prompt, plan: { folder, saves, markerNodes } };
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
