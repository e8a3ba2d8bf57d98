import { type Graph, type GraphNode, isLink, type Link } from '../graph.ts';
import { type Fed, fedBy } from './marker-classes.ts';
import { isSince } from './worker-version.ts';

/** The core cuts text, sound and latents, and takes a film apart. Seen in 0.3.64. */
const CUTTING_SINCE = '0.3.64';
/** PreviewAny gives on what it shows. Seen in 0.19.3, not yet in 0.17.0. */
const WORDS_SINCE = '0.19.3';

export type Attempt = {
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

/** Between 0 and 65535, another one for another attempt: so that no worker's cache can hold a marker's chain. */
const numberOf = (attemptId: string): number => Number.parseInt(attemptId.replaceAll('-', '').slice(-4), 16);

type Source = { readonly fed: Fed; readonly link: Link };

/** One link to each node that this save node waits for, the one that is easiest to follow; null where no marker can rely on it. */
function sourcesOf(node: GraphNode, graph: Graph, version: string | null): Source[] | null {
  const sources = new Map<string, Source>();
  for (const [input, link] of Object.entries(node.inputs)) {
    if (!isLink(link)) continue;
    const fed = fedBy(node, input);
    if (fed === null) return null;
    const [id] = link;
    if (rank(sources.get(id)?.fed) <= rank(fed)) continue;
    sources.set(id, { fed, link });
  }
  const all = [...sources.values()];
  return all.every((source) => canFollow(source, graph, version)) && all.length > 0 ? all : null;
}

const ORDER: readonly (Fed | undefined)[] = ['image', 'text', 'video', 'audio', 'latent', 'other', undefined];
const rank = (fed: Fed | undefined): number => ORDER.indexOf(fed);

function canFollow({ fed, link }: Source, graph: Graph, version: string | null): boolean {
  if (fed === 'image' || isSince(version, WORDS_SINCE)) return true;
  if (!isSince(version, CUTTING_SINCE)) return false;
  // Of a film that is a file, all of it would be taken into memory.
  return fed === 'video' ? graph[link[0]]?.class_type === 'CreateVideo' : fed !== 'other';
}

/** The nodes between what a save node waits for and its marker: at least one of them is no output, and is of this attempt only. */
class Chain {
  readonly nodes: Record<string, GraphNode> = {};
  private readonly id: string;
  private readonly attempt: Attempt;

  constructor(id: string, attempt: Attempt) {
    this.id = id;
    this.attempt = attempt;
  }

  private add(class_type: string, inputs: Record<string, unknown>): Link {
    const id = `${this.id}_${Object.keys(this.nodes).length}`;
    this.nodes[id] = { class_type, inputs };
    return [id, 0];
  }

  private small(image: Link): Link {
    const number = numberOf(this.attempt.id);
    const size = { width: 1 + (number & 0x7f), height: 1 + ((number >> 7) & 0x7f) };
    const first = this.add('ImageFromBatch', { image, batch_index: 0, length: 1 });
    return this.add('ImageScale', { image: first, upscale_method: 'nearest-exact', ...size, crop: 'disabled' });
  }

  /** What the marker saves: a bit of what the save node saves, or a dot. */
  private saving(main: Source | undefined): GraphNode {
    const number = numberOf(this.attempt.id);
    switch (main?.fed) {
      case 'image':
        return { class_type: 'SaveImage', inputs: { images: this.small(main.link) } };
      case 'video': {
        const images = this.add('GetVideoComponents', { video: main.link });
        return { class_type: 'SaveImage', inputs: { images: this.small(images) } };
      }
      case 'audio': {
        const audio = this.add('TrimAudioDuration', { audio: main.link, start_index: 0, duration: 0.1 + number / 1e6 });
        return { class_type: 'SaveAudio', inputs: { audio } };
      }
      case 'latent': {
        const column = this.add('LatentCut', { samples: main.link, dim: 'x', index: 0, amount: 1 });
        const point = this.add('LatentCut', { samples: column, dim: 'y', index: 0, amount: 1 });
        const samples = this.add('LatentMultiply', { samples: point, multiplier: 1 + number / 1e6 });
        return { class_type: 'SaveLatent', inputs: { samples } };
      }
      default:
        return {
          class_type: 'SaveImage',
          inputs: { images: this.add('EmptyImage', { width: 1, height: 1, batch_size: 1, color: 0 }) },
        };
    }
  }

  /** Each source that is not saved a bit of adds nothing to the marker's name, which is why the marker waits for it. */
  end(sources: readonly Source[], name: string): void {
    const words = isSince(this.attempt.version, WORDS_SINCE);
    const main = sources.find(({ fed }) => fed === 'image' || (!words && fed !== 'text'));
    const saving = this.saving(main);
    let filename_prefix: string | Link = `${this.attempt.folder}/${name}`;
    for (const { fed, link } of sources) {
      if (link === main?.link) continue;
      const string = fed === 'text' ? link : this.add('PreviewAny', { source: link });
      const nothing = this.add('StringSubstring', { string, start: 0, end: 0 });
      filename_prefix = this.add('StringConcatenate', { string_a: filename_prefix, string_b: nothing, delimiter: '' });
    }
    this.nodes[this.id] = { ...saving, inputs: { ...saving.inputs, filename_prefix } };
  }
}

/**
 * A finish marker for each set of nodes that save nodes wait for: a file that a worker writes after the files of all save nodes that wait for no others.
 * Why that is so, and for which nodes: docs/decisions/markers.md. `sent` is the graph as it is sent otherwise, `tag` what none of its ids begin with.
 */
export function finishMarkers(sent: Graph, senderIds: readonly string[], tag: string, attempt: Attempt): FinishMarkers {
  const nodes: Record<string, GraphNode> = {};
  const names = new Map<string, string>();
  const markerOf = new Map<string, string>();
  const markerNodes: Record<string, string> = {};
  for (const senderId of senderIds) {
    const node = sent[senderId];
    const sources = node ? sourcesOf(node, sent, attempt.version) : null;
    if (!sources) continue;
    const key = JSON.stringify(sources.map(({ link: [id] }) => id).sort());
    let name = names.get(key);
    if (name === undefined) {
      name = `_finished${names.size}`;
      names.set(key, name);
      const chain = new Chain(`${tag}${name}`, attempt);
      chain.end(sources, name);
      Object.assign(nodes, chain.nodes);
      markerNodes[name] = `${tag}${name}`;
    }
    markerOf.set(senderId, name);
  }
  return { nodes, markerOf, markerNodes };
}
