import { type Graph, type GraphNode, isLink, type Link, linksOf } from './graph.ts';

/** What a result was made with, as far as its graph tells. */
export type MadeWith = {
  readonly prompt: string | null;
  readonly negative: string | null;
  readonly model: string | null;
  readonly loras: readonly string[];
  readonly sampler: string | null;
  readonly scheduler: string | null;
  readonly steps: number | null;
  readonly cfg: number | null;
  readonly seed: number | bigint | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly frames: number | null;
};

const text = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

const whole = (value: unknown): number | bigint | null => (typeof value === 'bigint' ? value : number(value));

/** What is left to be spent on a graph: many save nodes behind many nodes would otherwise take the one times the other. */
type Effort = { left: number };
const NODE_EFFORT = 10;

type Walk = { readonly graph: Graph; readonly effort: Effort };

/** All nodes that `nodeId` depends on, nearest first, itself included; the nearest only where the effort does not reach further. */
function upstream(
  { graph, effort }: Walk,
  nodeId: string,
  sources: (node: GraphNode) => readonly Link[] = linksOf,
): GraphNode[] {
  const seen = new Set<string>([nodeId]);
  const nodes: GraphNode[] = [];
  for (const id of seen) {
    const node = graph[id];
    if (!node) continue;
    nodes.push(node);
    const links = sources(node);
    effort.left -= NODE_EFFORT + links.length;
    if (effort.left < 0) break;
    for (const [source] of links) seen.add(source);
  }
  return nodes;
}

/** A value that may be given by a link to a primitive node. */
function resolve(graph: Graph, value: unknown): unknown {
  if (!isLink(value)) return value;
  const source = graph[value[0]];
  return source?.inputs.value ?? source?.inputs[source.class_type === 'RandomNoise' ? 'noise_seed' : 'text'];
}

/** What nodes call their text. */
export const TEXT_INPUTS = [
  'text',
  'prompt',
  'user_prompt',
  't5xxl',
  'text_g',
  'clip_g',
  'text_l',
  'clip_l',
  'llama',
  'mt5xl',
  'bert',
  'tags',
];

const SIDES = ['positive', 'negative'] as const;

/** Nodes whose text says what is wanted, or what is not, from a sampler's link on. Nodes such as WanImageToVideo carry both sides through; what is zeroed out says nothing. */
function encodersOf(walk: Walk, side: (typeof SIDES)[number], value: unknown): GraphNode[] {
  if (!isLink(value)) return [];
  return upstream(walk, value[0], (node) => {
    if (node.class_type === 'ConditioningZeroOut') return [];
    const own = node.inputs[side];
    return isLink(own) ? [own] : linksOf(node);
  }).filter(({ class_type }) => /TextEncode/i.test(class_type));
}

function promptOf(walk: Walk, side: (typeof SIDES)[number], value: unknown): string | null {
  for (const { inputs } of encodersOf(walk, side, value))
    for (const name of TEXT_INPUTS) {
      const found = text(resolve(walk.graph, inputs[name]));
      if (found) return found;
    }
  return null;
}

/** Where a text stands: in the node itself, or in a primitive node that it is linked to. */
function placeOf(graph: Graph, nodeId: string, input: string): readonly [nodeId: string, input: string] | null {
  const value = graph[nodeId]?.inputs[input];
  if (typeof value === 'string') return [nodeId, input];
  if (!isLink(value)) return null;
  const from = ['value', 'text'].find((name) => typeof graph[value[0]]?.inputs[name] === 'string');
  return from === undefined ? null : [value[0], from];
}

/** Every text that says what is wanted, or only what is not: by `<node id> <input>`. */
export function sideTexts(graph: Graph): ReadonlyMap<string, 'prompt' | 'negative'> {
  const walk = { graph, effort: { left: EFFORT.least } };
  const idOf = new Map(Object.entries(graph).map(([id, node]) => [node, id]));
  const found = new Map<string, 'prompt' | 'negative'>();
  const starts = Object.values(graph).flatMap(({ inputs }) => [
    ...['positive', 'conditioning', 'guider'].map((name) => ['positive', inputs[name]] as const),
    ['negative', inputs.negative] as const,
  ]);
  // What both sides use is wanted.
  for (const side of SIDES.toReversed())
    for (const encoder of starts.flatMap(([of, value]) => (of === side ? encodersOf(walk, side, value) : [])))
      for (const name of TEXT_INPUTS) {
        const place = placeOf(graph, idOf.get(encoder) ?? '', name);
        if (place) found.set(place.join(' '), side === 'positive' ? 'prompt' : 'negative');
      }
  return found;
}

/** Reads the settings of the result that save node `nodeId` wrote from the graph that was sent. */
export function madeWith(graph: Graph, nodeId: string, effort: Effort = { left: Number.POSITIVE_INFINITY }): MadeWith {
  const walk = { graph, effort };
  const nodes = upstream(walk, nodeId);
  const first = <T>(names: readonly string[], read: (value: unknown) => T | null, among = nodes): T | null => {
    for (const { inputs } of among)
      for (const name of names) {
        const found = read(resolve(graph, inputs[name]));
        if (found !== null) return found;
      }
    return null;
  };
  const link = (name: string): unknown => nodes.map(({ inputs }) => inputs[name]).find(isLink);
  const canvas =
    nodes.find(({ inputs }) => inputs.width !== undefined && inputs.batch_size !== undefined)?.inputs ?? {};
  // Of two stages the second often adds no noise, and its seed is unused.
  const noisy = nodes.filter(({ inputs }) => inputs.add_noise !== 'disable' && inputs.add_noise !== false);
  return {
    prompt: promptOf(walk, 'positive', link('positive') ?? link('conditioning') ?? link('guider')),
    negative: promptOf(walk, 'negative', link('negative')),
    model: first(['ckpt_name', 'unet_name'], text) ?? first(['model_name'], text),
    loras: [...new Set(nodes.flatMap(({ inputs }) => text(inputs.lora_name) ?? []))],
    sampler: first(['sampler_name'], text),
    scheduler: first(['scheduler'], text),
    steps: first(['steps'], number),
    cfg: first(['cfg', 'guidance'], number),
    seed: first(['seed', 'noise_seed'], whole, noisy),
    width: number(resolve(graph, canvas.width)),
    height: number(resolve(graph, canvas.height)),
    frames: number(resolve(graph, canvas.length)),
  };
}

/** What the results of one save node can be found by. */
export type GenerationMetadata = {
  readonly nodeId: string;
  readonly model: string | null;
  readonly loras: readonly string[];
  readonly seed: number | bigint | null;
  /** The beginning of the prompt, for lists. */
  readonly prompt: string | null;
  /** Model, LoRAs, the file's name as the save node has it, prompt and negative prompt. */
  readonly words: string;
};

/** Enough for every save node of any workflow that somebody made by hand. */
const EFFORT = { least: 100_000, perNode: 10 };
const MAX_NAME_LENGTH = 300;
const MAX_LORAS = 50;
const LISTED_PROMPT = 200;
/** Of one save node, of all together, and what each may have at least. */
const WORDS = { most: 8000, all: 200_000, least: 200 };

export function generations(graph: Graph, nodeIds: readonly string[]): GenerationMetadata[] {
  const nodes = Object.values(graph);
  const size = nodes.reduce((sum, node) => sum + 1 + linksOf(node).length, 0);
  const effort = { left: EFFORT.least + EFFORT.perNode * size };
  const wordLimit = Math.min(WORDS.most, Math.max(WORDS.least, Math.floor(WORDS.all / nodeIds.length)));
  return nodeIds.map((nodeId) => {
    const { prompt, negative, model, loras, seed } = madeWith(graph, nodeId, effort);
    const names = [...new Set(loras.slice(0, MAX_LORAS).map((name) => name.slice(0, MAX_NAME_LENGTH)))];
    const prefix = text(graph[nodeId]?.inputs.filename_prefix)?.slice(0, MAX_NAME_LENGTH) ?? null;
    return {
      nodeId,
      model: model?.slice(0, MAX_NAME_LENGTH) ?? null,
      loras: names,
      seed,
      prompt: prompt === null ? null : [...prompt].slice(0, LISTED_PROMPT).join(''),
      words: [model, ...names, prefix, prompt, negative]
        .filter((part) => part !== null)
        .join('\n')
        .slice(0, wordLimit),
    };
  });
}
