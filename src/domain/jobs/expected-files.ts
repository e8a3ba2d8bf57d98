import { type Graph, type GraphNode, isLink } from '../workflow/graph.ts';
import { saverOf } from '../workflow/outputs/outputs.ts';

/** Core nodes that give as many pictures as they take, and the input they take them by. */
const KEEPS_COUNT: Readonly<Record<string, string>> = {
  VAEDecode: 'samples',
  VAEDecodeTiled: 'samples',
  KSampler: 'latent_image',
  KSamplerAdvanced: 'latent_image',
  SamplerCustom: 'latent_image',
  SamplerCustomAdvanced: 'latent_image',
  LatentUpscale: 'samples',
  LatentUpscaleBy: 'samples',
  ImageScale: 'image',
  ImageScaleBy: 'image',
  ImageScaleToTotalPixels: 'image',
  ImageUpscaleWithModel: 'image',
  ImageInvert: 'image',
  ImageSharpen: 'image',
  ImageBlur: 'image',
  ImageAddNoise: 'image',
};
const SOURCES: ReadonlySet<string> = new Set(['EmptyLatentImage', 'EmptySD3LatentImage', 'EmptyImage']);
/** Core nodes that write one file, whatever they are given. */
const ONE_FILE: ReadonlySet<string> = new Set([
  'SaveVideo',
  'SaveWEBM',
  'SaveAnimatedWEBP',
  'SaveAnimatedPNG',
  'SaveLatent',
  'SaveText',
]);
/** Core nodes that write one file for each picture. */
const FILE_EACH: ReadonlySet<string> = new Set(['SaveImage', 'SaveImageAdvanced']);

/** How many pictures a source gives. */
function batchOf({ inputs: { batch_size } }: GraphNode): number | null {
  return typeof batch_size === 'number' && Number.isInteger(batch_size) && batch_size > 0 ? batch_size : null;
}

/** `known`: what was found for nodes on the way, so that no way is gone twice. */
function picturesInto(graph: Graph, node: GraphNode, known: Map<string, number | null>): number | null {
  const way: string[] = [];
  let link = node.inputs.images;
  let pictures: number | null = null;
  while (isLink(link)) {
    const [id] = link;
    const before = known.get(id);
    const source = graph[id];
    if (before !== undefined || !source) {
      pictures = before ?? null;
      break;
    }
    way.push(id);
    // Also ends a circle.
    known.set(id, null);
    if (SOURCES.has(source.class_type)) {
      pictures = batchOf(source);
      break;
    }
    const input = KEEPS_COUNT[source.class_type];
    if (input === undefined) break;
    link = source.inputs[input];
  }
  for (const id of way) known.set(id, pictures);
  return pictures;
}

/** How many files a graph writes, where that can be told for certain from core nodes alone. */
export function expectedFiles(graph: Graph): number | null {
  const known = new Map<string, number | null>();
  let files = 0;
  for (const node of Object.values(graph)) {
    if (!saverOf(graph, node)) continue;
    const own = ONE_FILE.has(node.class_type)
      ? 1
      : FILE_EACH.has(node.class_type)
        ? picturesInto(graph, node, known)
        : null;
    if (own === null) return null;
    files += own;
  }
  return files > 0 ? files : null;
}
