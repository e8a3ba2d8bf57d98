import { type Graph, type GraphNode, isLink } from './graph.ts';

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
  readonly seed: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly frames: number | null;
};

const text = (value: unknown): string | null => (typeof value === 'string' && value.trim() !== '' ? value.trim() : null);
const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

/** All nodes that `nodeId` depends on, nearest first, itself included. */
function upstream(graph: Graph, nodeId: string): GraphNode[] {
  const seen = new Set<string>([nodeId]);
  const nodes: GraphNode[] = [];
  for (const id of seen) {
    const node = graph[id];
    if (!node) continue;
    nodes.push(node);
    for (const value of Object.values(node.inputs)) if (isLink(value)) seen.add(value[0]);
  }
  return nodes;
}

/** A value that may be given by a link to a primitive node. */
function resolve(graph: Graph, value: unknown): unknown {
  if (!isLink(value)) return value;
  const source = graph[value[0]];
  return source?.inputs.value ?? source?.inputs[source.class_type === 'RandomNoise' ? 'noise_seed' : 'text'];
}

function promptOf(graph: Graph, value: unknown): string | null {
  if (!isLink(value)) return null;
  const encoders = upstream(graph, value[0]).filter(({ class_type }) => /TextEncode/i.test(class_type));
  for (const { inputs } of encoders)
    for (const name of ['text', 'prompt', 't5xxl', 'clip_l', 'text_g', 'tags']) {
      const found = text(resolve(graph, inputs[name]));
      if (found) return found;
    }
  return null;
}

const MODEL_INPUTS = ['ckpt_name', 'unet_name', 'model_name'];

/** Reads the settings of the result that save node `nodeId` wrote from the graph that was sent. */
export function madeWith(graph: Graph, nodeId: string): MadeWith {
  const nodes = upstream(graph, nodeId);
  const first = <T>(names: readonly string[], read: (value: unknown) => T | null): T | null => {
    for (const { inputs } of nodes)
      for (const name of names) {
        const found = read(resolve(graph, inputs[name]));
        if (found !== null) return found;
      }
    return null;
  };
  const link = (name: string): unknown => nodes.map(({ inputs }) => inputs[name]).find(isLink);
  const latent = nodes.find(({ class_type }) => /^Empty.*(Latent|Image|Video)/.test(class_type))?.inputs ?? {};
  return {
    prompt: promptOf(graph, link('positive') ?? link('conditioning') ?? link('guider')),
    negative: promptOf(graph, link('negative')),
    model: first(MODEL_INPUTS, text),
    loras: [...new Set(nodes.flatMap(({ inputs }) => text(inputs.lora_name) ?? []))],
    sampler: first(['sampler_name'], text),
    scheduler: first(['scheduler'], text),
    steps: first(['steps'], number),
    cfg: first(['cfg', 'guidance'], number),
    seed: first(['seed', 'noise_seed'], number),
    width: number(resolve(graph, latent.width)),
    height: number(resolve(graph, latent.height)),
    frames: number(resolve(graph, latent.length)),
  };
}
