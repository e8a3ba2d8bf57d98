import { groupBy } from '../group-by.ts';
import { type Graph, type GraphNode, isRecord } from '../workflow/graph.ts';

/** How the name of a picture, film or sound ends: as uploads are stored, and in other ways that are seen. */
export const FILE_NAME =
  /\.(png|apng|jpg|jpeg|jfif|webp|gif|avif|heic|heif|tif|tiff|exr|mp4|m4v|mov|webm|mkv|ogv|avi|mp3|wav|flac|ogg|oga|opus|m4a|weba|mka)$/i;

/** The core's inputs that name a file of the input folder (ComfyUI 0.3.64): all that have an upload button, and LoadLatent. */
const FILE_INPUTS: ReadonlyMap<string, string> = new Map([
  ['LoadImage', 'image'],
  ['LoadImageMask', 'image'],
  ['LoadImageOutput', 'image'],
  ['LoadVideo', 'file'],
  ['LoadAudio', 'audio'],
  ['Load3D', 'model_file'],
  ['Load3DAnimation', 'model_file'],
  ['LoadLatent', 'latent'],
]);
const MAX_NAME_LENGTH = 1000;

export type FileInput = {
  readonly nodeId: string;
  readonly classType: string;
  readonly input: string;
  /** Where the input's value is an object (what Load3D has drawn): the key in it. */
  readonly key: string | null;
  /** Without its `[input]`. */
  readonly name: string;
  readonly folder: 'input' | 'output' | 'temp';
  /** Surely a file. False: a text that looks like a name, of a node that is not the core's. */
  readonly certain: boolean;
};

/** `name [output]` and the like choose another folder than the input folder. */
export function annotated(value: string): Pick<FileInput, 'name' | 'folder'> {
  const folder = (['input', 'output', 'temp'] as const).find((one) => value.endsWith(`[${one}]`));
  return folder
    ? { name: value.slice(0, -folder.length - 2).replace(/ $/, ''), folder }
    : { name: value, folder: 'input' };
}

type IsPlace = (node: GraphNode, input: string) => boolean;

function fileInput(
  nodeId: string,
  node: GraphNode,
  [input, key]: readonly [string, string | null],
  value: unknown,
  isPlace: IsPlace,
): FileInput | null {
  if (typeof value !== 'string') return null;
  const certain = FILE_INPUTS.get(node.class_type) === input;
  const file = { nodeId, classType: node.class_type, input, key, ...annotated(value), certain };
  const looksLikeOne =
    value.length <= MAX_NAME_LENGTH && !value.includes('\n') && FILE_NAME.test(file.name) && !isPlace(node, input);
  return certain || looksLikeOne ? file : null;
}

/** Every input of a graph that names a file, or may do so. `isPlace`: whether an input says where its node writes, and so names no file that is there. */
export function namedFiles(graph: Graph, isPlace: IsPlace): FileInput[] {
  const files: FileInput[] = [];
  for (const [nodeId, node] of Object.entries(graph))
    for (const [input, value] of Object.entries(node.inputs))
      for (const [key, text] of isRecord(value) ? Object.entries(value) : [[null, value] as const]) {
        const file = fileInput(nodeId, node, [input, key], text, isPlace);
        if (file) files.push(file);
      }
  return files;
}

/** A copy of the graph in which each of `files` has the value that `next` gives; undefined leaves it. Nothing else differs. */
export function withFiles(
  graph: Graph,
  files: readonly FileInput[],
  next: (file: FileInput) => string | undefined,
): Graph {
  const copy: Record<string, GraphNode> = { ...graph };
  for (const [nodeId, own] of groupBy(files, (file) => file.nodeId)) {
    const node = copy[nodeId];
    if (!node) continue;
    const inputs: Record<string, unknown> = { ...node.inputs };
    for (const file of own) {
      const name = next(file);
      const held = inputs[file.input];
      if (name !== undefined)
        inputs[file.input] = file.key !== null && isRecord(held) ? { ...held, [file.key]: name } : name;
    }
    copy[nodeId] = { ...node, inputs };
  }
  return copy;
}
