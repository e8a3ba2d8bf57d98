import type { InputKind } from '../files/input-kinds.ts';
import { fileInputs } from '../files/inputs.ts';
import { sideTexts } from '../workflow/generation-parameters.ts';
import { type Graph, type GraphNode, isRecord } from '../workflow/graph.ts';
import { isModelInput } from '../workflow/needed-models.ts';
import { placeInputs } from '../workflow/outputs/outputs.ts';
import { seedPlaces } from '../workflow/seeds.ts';

/** In the order in which people look for them. */
export const FIELD_KINDS = [
  'prompt',
  'negative',
  'file',
  'width',
  'height',
  'frames',
  'count',
  'steps',
  'cfg',
  'seed',
  'model',
  'other',
] as const;
export type FieldKind = (typeof FIELD_KINDS)[number];
export type FieldValue = string | number | bigint | boolean;

/** One value of a graph that a person may change: an input that is not linked. */
export type Field = {
  readonly nodeId: string;
  readonly input: string;
  readonly classType: string;
  /** What the editor calls the node: its class, until somebody renames it. */
  readonly nodeTitle: string;
  readonly kind: FieldKind;
  readonly value: FieldValue;
  /** Of kind `file`: what it loads; null where any kind will do, or it is not known. */
  readonly media: InputKind | null;
};

/** More than anybody looks through; the rest keeps its values. */
export const MAX_FIELDS = 1000;

const MEDIA: Readonly<Record<string, InputKind>> = {
  LoadImage: 'image',
  LoadImageMask: 'image',
  LoadImageOutput: 'image',
  LoadVideo: 'video',
  VHS_LoadVideo: 'video',
  LoadAudio: 'audio',
  VHS_LoadAudioUpload: 'audio',
};

const titleOf = ({ _meta, class_type }: GraphNode): string =>
  isRecord(_meta) && typeof _meta.title === 'string' && _meta.title.trim() !== '' ? _meta.title.trim() : class_type;

/** A node that says how large the pictures are that come out of nothing, not one that resizes or encodes. */
const isCanvas = ({ inputs }: GraphNode): boolean =>
  'width' in inputs && 'height' in inputs && ('batch_size' in inputs || 'length' in inputs);

const isNumber = (value: FieldValue): boolean => typeof value === 'number' || typeof value === 'bigint';

function kindOf(node: GraphNode, input: string, value: FieldValue): Exclude<FieldKind, 'seed'> {
  if (typeof value === 'string') {
    if (isModelInput(node.class_type, input, value)) return 'model';
    if (placeInputs(node).includes(input)) return 'other';
    if (input === 'prompt' || input === 'positive_prompt') return 'prompt';
    return input === 'negative_prompt' ? 'negative' : 'other';
  }
  if (!isNumber(value)) return 'other';
  if (input === 'steps') return 'steps';
  if (input === 'cfg' || input === 'guidance') return 'cfg';
  if (!isCanvas(node)) return 'other';
  if (input === 'width' || input === 'height') return input;
  if (input === 'length') return 'frames';
  return input === 'batch_size' ? 'count' : 'other';
}

const isFieldValue = (value: unknown): value is FieldValue =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean';

/** Every value of a graph that a person may change, those that they look for first. */
export function fieldsOf(graph: Graph): Field[] {
  const texts = sideTexts(graph);
  const key = (nodeId: string, input: string): string => `${nodeId} ${input}`;
  const files = new Set(
    fileInputs(graph)
      .filter((file) => file.key === null)
      .map(({ nodeId, input }) => key(nodeId, input)),
  );
  const seeds = new Set(seedPlaces(graph).map(({ nodeId, input }) => key(nodeId, input)));
  const fields = Object.entries(graph).flatMap(([nodeId, node]) =>
    Object.entries(node.inputs).flatMap(([input, value]): Field[] => {
      if (!isFieldValue(value)) return [];
      const place = key(nodeId, input);
      const isFile = files.has(place);
      const kind = isFile ? 'file' : seeds.has(place) ? 'seed' : (texts.get(place) ?? kindOf(node, input, value));
      const media = isFile ? (MEDIA[node.class_type] ?? null) : null;
      return [{ nodeId, input, classType: node.class_type, nodeTitle: titleOf(node), kind, value, media }];
    }),
  );
  const order = new Map(FIELD_KINDS.map((kind, at) => [kind, at]));
  return fields.sort((a, b) => (order.get(a.kind) ?? 0) - (order.get(b.kind) ?? 0)).slice(0, MAX_FIELDS);
}
