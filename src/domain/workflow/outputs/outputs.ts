import type { Warning } from '../../warning.ts';
import { constantValue } from '../constant-value.ts';
import { type Graph, type GraphNode, isLink, linkedIds } from '../graph.ts';
import { outputClass, type Saver, type Unless } from './output-classes.ts';
import { PREVIEW_CLASSES } from './preview-classes.ts';

export type Save = { readonly nodeId: string; readonly classType: string; readonly saver: Saver };

/** Without one of these, nobody could tell that a class that nobody knows saves anything: a `path` alone may be what a node loads. */
const NAMES = ['filename_prefix', 'save_prefix'];
/** The first that is there decides, because nodes put it in front. */
const FOLDERS = ['output_path', 'path', 'foldername_prefix', 'folder_name'];
const ABSOLUTE = /^(?:[/\\]|[a-z]:)/i;
/** By which inputs nodes are told to save nothing, whatever their class. */
const SWITCHES: readonly Unless[] = [
  { input: 'save_output', values: [false] },
  { input: 'only_preview', values: [true] },
  { input: 'image_output', values: ['Hide', 'Preview', 'Preview&Choose', 'None', 'Disabled'] },
];
const LOOKS_LIKE_WRITER = /save|export|write/i;

const isText = (value: unknown): boolean => typeof value === 'string' || isLink(value);

function genericSaver({ inputs }: GraphNode): Saver | null {
  const name = NAMES.find((input) => isText(inputs[input]));
  if (name === undefined) return null;
  const { output_folder } = inputs;
  const folder =
    FOLDERS.find((input) => isText(inputs[input])) ??
    (typeof output_folder === 'string' && ABSOLUTE.test(output_folder) ? 'output_folder' : undefined);
  const place =
    folder === undefined
      ? ({ kind: 'prefix', input: name } as const)
      : ({ kind: 'folder', input: folder, name } as const);
  return { writes: 'output', place };
}

/** How a node writes to the output folder; null when it is no save node, or is told not to save. */
export function saverOf(graph: Graph, node: GraphNode): Saver | null {
  const known = outputClass(node.class_type);
  if (known && known.writes !== 'output') return null;
  const saver = known ?? genericSaver(node);
  if (!saver) return null;
  const switches = saver.unless ? [saver.unless, ...SWITCHES] : SWITCHES;
  const isOff = switches.some(({ input, values }) => values.includes(constantValue(graph, node.inputs[input])));
  return isOff ? null : saver;
}

export const savesOf = (graph: Graph): Save[] =>
  Object.entries(graph).flatMap(([nodeId, node]) => {
    const saver = saverOf(graph, node);
    return saver ? [{ nodeId, classType: node.class_type, saver }] : [];
  });

/** The inputs of a node that say where it writes: they name no file that is there. */
export function placeInputs(node: GraphNode): readonly string[] {
  const known = outputClass(node.class_type);
  const saver = known ? (known.writes === 'output' ? known : null) : genericSaver(node);
  if (!saver) return [];
  return saver.place.kind === 'folder' ? [saver.place.input, saver.place.name] : [saver.place.input];
}

/** Whether a node surely is an output of which something comes back: a worker checks only what feeds outputs. */
export const isWriter = (node: GraphNode): boolean => {
  const known = outputClass(node.class_type);
  if (PREVIEW_CLASSES.has(node.class_type)) return true;
  return known ? known.writes === 'output' : genericSaver(node) !== null;
};

/** Why what a node writes cannot come back; null when it can, or when there is nothing. */
function lossOf(node: GraphNode, isUsed: boolean): string | null {
  const known = outputClass(node.class_type);
  if (known?.writes === 'elsewhere') return known.why;
  if (known || genericSaver(node) || isUsed || !LOOKS_LIKE_WRITER.test(node.class_type)) return null;
  return 'It is unknown whether and where this node writes files.';
}

/** Nodes that write files which cannot come back, each with the reason. */
export function lostOutputs(graph: Graph): Warning[] {
  const used = linkedIds(graph);
  return Object.entries(graph).flatMap(([nodeId, node]) => {
    const why = lossOf(node, used.has(nodeId));
    const { class_type: classType } = node;
    return why === null
      ? []
      : [{ nodeId, classType, message: `Files of ${classType} (node ${nodeId}) are not delivered. ${why}` }];
  });
}
