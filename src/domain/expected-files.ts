import { type Graph, type GraphNode, isLink } from './graph.ts';
import { saverOf } from './workflow/outputs.ts';

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

function picturesInto(graph: Graph, node: GraphNode): number | null {
  let link = node.inputs.images;
  // No circle in a graph that was parsed; its length is the most that there can be to go.
  for (let left = Object.keys(graph).length; left > 0 && isLink(link); left -= 1) {
    const source = graph[link[0]];
    if (!source) return null;
    if (SOURCES.has(source.class_type)) {
      const { batch_size } = source.inputs;
      return typeof batch_size === 'number' && Number.isInteger(batch_size) && batch_size > 0 ? batch_size : null;
    }
    const input = KEEPS_COUNT[source.class_type];
    if (input === undefined) return null;
    link = source.inputs[input];
  }
  return null;
}

/** How many files a graph writes, where that can be told for certain from core nodes alone. */
export function expectedFiles(graph: Graph): number | null {
  let files = 0;
  for (const node of Object.values(graph)) {
    if (!saverOf(graph, node)) continue;
    const own = ONE_FILE.has(node.class_type) ? 1 : FILE_EACH.has(node.class_type) ? picturesInto(graph, node) : null;
    if (own === null) return null;
    files += own;
  }
  return files > 0 ? files : null;
}
