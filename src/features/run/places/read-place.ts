import type { TRPCClient } from '@trpc/client';
import type { AppRouter } from '#src/api/app/router.ts';
import { type Field, fieldsOf } from '#src/domain/fields/fields-of.ts';
import type { InputKind } from '#src/domain/files/inputs.ts';
import { exactJson } from '#src/domain/workflow/exact-json.ts';
import type { Graph } from '#src/domain/workflow/graph.ts';
import { readWorkflow } from '../read-workflow.ts';
import { fetchSampleGraph, fetchSamples } from '../samples.ts';

/** A workflow that an upload can be used in. */
export type PlaceToUse = {
  readonly type: 'job' | 'workflow' | 'sample';
  /** Of the job or the workflow; the file of the sample. */
  readonly id: string;
  readonly title: string;
};

/** The first input that loads a file of this kind. */
export const placeFor = (graph: Graph, media: InputKind): Field | undefined =>
  fieldsOf(graph).find((field) => field.kind === 'file' && field.media === media);

async function storedGraph(client: TRPCClient<AppRouter>, { type, id }: PlaceToUse): Promise<Graph> {
  const { prompt, exactPrompt } =
    type === 'job' ? await client.jobs.graph.query({ id }) : await client.workflows.get.query({ id });
  const read = readWorkflow(exactJson(prompt, exactPrompt));
  if (!read.ok) throw new Error(read.why);
  return read.prompt;
}

export const readPlace = (client: TRPCClient<AppRouter>, place: PlaceToUse): Promise<Graph> =>
  place.type === 'sample' ? fetchSampleGraph(place.id) : storedGraph(client, place);

/** The samples that load a file of this kind. */
export async function samplesFor(media: InputKind): Promise<PlaceToUse[]> {
  const samples = await fetchSamples();
  const graphs = await Promise.all(samples.map(({ file }) => fetchSampleGraph(file)));
  return samples.flatMap(({ file, title }, at): PlaceToUse[] => {
    const graph = graphs[at];
    return graph && placeFor(graph, media) ? [{ type: 'sample', id: file, title }] : [];
  });
}
