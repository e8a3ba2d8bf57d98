import { isSince } from '../endpoints/worker-version.ts';
import { type Graph, type GraphNode, isLink, type Link } from './graph.ts';
import { type Fed, fedBy } from './marker-classes.ts';

/** StringFormat takes anything at all. Seen in 0.33.0. */
const FORMAT_SINCE = '0.33';
/** The core cuts text, sound and latents. Seen in 0.3.64. */
const CUT_SINCE = '0.3.64';
/** The worker runs such a graph again and again, a part of a film each time. */
const RUNS_AGAIN = 'VHS_BatchManager';
const DOT = { width: 1, height: 1, batch_size: 1, color: 0 };
/** What StringFormat calls its inputs. */
const VALUES = 'abcdefghijklmnopqrstuvwxyz';

export type MarkedAttempt = {
  readonly id: string;
  /** Relative to the worker's outputs. */
  readonly folder: string;
  readonly version: string | null;
};

export type FinishMarkers = {
  readonly nodes: Graph;
  /** By the id of the save node; not there where no marker can be built. */
  readonly markerOf: ReadonlyMap<string, string>;
  /** The last node of each marker's chain. */
  readonly markerNodes: Readonly<Record<string, string>>;
};

type Source = { readonly fed: Fed; readonly link: Link };

const EASIEST_FIRST: readonly (Fed | undefined)[] = ['image', 'text', 'audio', 'latent', 'other', undefined];
const rank = (fed: Fed | undefined): number => EASIEST_FIRST.indexOf(fed);

function canFollow({ fed }: Source, version: string | null): boolean {
  if (fed === 'image' || isSince(version, FORMAT_SINCE)) return true;
  return fed !== 'other' && isSince(version, CUT_SINCE);
}

/** A link to each node that this save node waits for, the one that is easiest to follow; null where no marker can rely on it. */
function sourcesOf(node: GraphNode, version: string | null): Source[] | null {
  const sources = new Map<string, Source>();
  for (const [input, link] of Object.entries(node.inputs)) {
    if (!isLink(link)) continue;
    const fed = fedBy(node, input);
    if (fed === null) return null;
    if (rank(fed) < rank(sources.get(link[0])?.fed)) sources.set(link[0], { fed, link });
  }
  const all = [...sources.values()];
  const canBeFollowed = all.every((source) => canFollow(source, version));
  return canBeFollowed && all.length > 0 && all.length <= VALUES.length ? all : null;
}

/**
 * The nodes of one marker. Whatever takes a link is no output, and has a value of this attempt: a worker's cache may hold it for another attempt, and hold
 * nothing any more of what the link comes from.
 */
function chainOf(sources: readonly Source[], id: string, name: string, attempt: MarkedAttempt): Graph {
  const nodes: Record<string, GraphNode> = {};
  const add = (class_type: string, inputs: Record<string, unknown>): Link => {
    const added = `${id}_${Object.keys(nodes).length}`;
    nodes[added] = { class_type, inputs };
    return [added, 0];
  };
  const dot = () => ({ class_type: 'SaveImage', inputs: { images: add('EmptyImage', DOT) } });
  const file = `${attempt.folder}/${name}`;
  if (isSince(attempt.version, FORMAT_SINCE)) {
    const values = sources.map(({ link }, index) => [`values.${VALUES[index]}`, link] as const);
    const filename_prefix = add('StringFormat', { ...Object.fromEntries(values), f_string: file });
    const { class_type, inputs } = dot();
    return { ...nodes, [id]: { class_type, inputs: { ...inputs, filename_prefix } } };
  }

  const number = Number.parseInt(attempt.id.replaceAll('-', '').slice(-8), 16);
  const index = (number >>> 14) & 0xfff;
  const partOf = ({ fed, link }: Source): GraphNode => {
    if (fed === 'audio') {
      const audio = add('TrimAudioDuration', { audio: link, start_index: 0, duration: 0.1 + (number & 0xffff) / 1e6 });
      return { class_type: 'SaveAudio', inputs: { audio } };
    }
    if (fed === 'latent') {
      const column = add('LatentCut', { samples: link, dim: 'x', index, amount: 1 });
      return {
        class_type: 'SaveLatent',
        inputs: { samples: add('LatentCut', { samples: column, dim: 'y', index, amount: 1 }) },
      };
    }
    const size = { width: 1 + (number & 0x7f), height: 1 + ((number >>> 7) & 0x7f) };
    const image = add('ImageFromBatch', { image: link, batch_index: index, length: 1 });
    const images = add('ImageScale', { image, upscale_method: 'nearest-exact', ...size, crop: 'disabled' });
    return { class_type: 'SaveImage', inputs: { images } };
  };
  const main = sources.find(({ fed }) => fed !== 'text');
  const { class_type, inputs } = main ? partOf(main) : dot();
  let filename_prefix: string | Link = file;
  for (const { fed, link } of sources) {
    if (fed !== 'text') continue;
    const string_b = add('StringSubstring', { string: link, start: index, end: index });
    filename_prefix = add('StringConcatenate', { string_a: filename_prefix, string_b, delimiter: '' });
  }
  return { ...nodes, [id]: { class_type, inputs: { ...inputs, filename_prefix } } };
}

/**
 * A finish marker for each set of nodes that save nodes wait for: a file that a worker writes after the files of all save nodes that wait for no others.
 * Why that is so, and for which nodes: docs/decisions/markers.md. `sent` is the graph as it is sent otherwise, `tag` what none of its ids begin with.
 */
export function finishMarkers(
  sent: Graph,
  senderIds: readonly string[],
  tag: string,
  attempt: MarkedAttempt,
): FinishMarkers {
  const nodes: Record<string, GraphNode> = {};
  const names = new Map<string, string>();
  const markerOf = new Map<string, string>();
  const markerNodes: Record<string, string> = {};
  if (Object.values(sent).some(({ class_type }) => class_type === RUNS_AGAIN)) return { nodes, markerOf, markerNodes };
  for (const senderId of senderIds) {
    const node = sent[senderId];
    const sources = node ? sourcesOf(node, attempt.version) : null;
    if (!sources) continue;
    const key = JSON.stringify(sources.map(({ link: [id] }) => id).sort());
    let name = names.get(key);
    if (name === undefined) {
      name = `_finished${names.size}`;
      names.set(key, name);
      const id = `${tag}${name}`;
      markerNodes[name] = id;
      Object.assign(nodes, chainOf(sources, id, name, attempt));
    }
    markerOf.set(senderId, name);
  }
  return { nodes, markerOf, markerNodes };
}
