import * as z from 'zod/mini';
import { apiWorkflow } from './read-workflow.ts';

const widget = z.object({ node: z.string(), input: z.string() });
const sample = z.object({
  id: z.string(),
  title: z.string(),
  makes: z.string(),
  file: z.string(),
  /** What it may look like. */
  picture: z.string(),
  /** The prompt that a person can edit; null when there is none. */
  prompt: z.nullable(widget),
  /** New at random in every run. */
  seeds: z.array(widget),
});
const index = z.object({ samples: z.array(sample) });

export type Sample = z.infer<typeof sample>;
export type SampleGraph = z.infer<typeof apiWorkflow>['prompt'];

async function fetchJson(path: string): Promise<unknown> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path} could not be read: the server responded with ${response.status}.`);
  return response.json();
}

export const fetchSamples = async (): Promise<Sample[]> =>
  index.parse(await fetchJson('/workflows/index.json')).samples;

export const fetchSampleGraph = async (file: string): Promise<SampleGraph> =>
  apiWorkflow.parse(await fetchJson(`/workflows/${file}`)).prompt;

export function promptOf(graph: SampleGraph, { prompt }: Sample): string {
  const text = prompt && graph[prompt.node]?.inputs[prompt.input];
  return typeof text === 'string' ? text : '';
}

function withInput(graph: SampleGraph, node: string, input: string, value: unknown): SampleGraph {
  const found = graph[node];
  if (!found) throw new Error(`The sample has no node ${node}.`);
  return { ...graph, [node]: { ...found, inputs: { ...found.inputs, [input]: value } } };
}

/** The sample's graph with the person's prompt and a seed in it. */
export function fillSample(graph: SampleGraph, sample: Sample, text: string, seed: number): SampleGraph {
  const seeded = sample.seeds.reduce((filled, { node, input }) => withInput(filled, node, input, seed), graph);
  return sample.prompt ? withInput(seeded, sample.prompt.node, sample.prompt.input, text) : seeded;
}

/** Small enough to survive every JSON reader, large enough never to come twice in a class. */
export const randomSeed = (): number => Math.floor(Math.random() * 2 ** 48);
