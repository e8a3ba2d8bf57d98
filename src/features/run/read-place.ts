import type { TRPCClient } from '@trpc/client';
import type { AppRouter } from '#src/api/app/router.ts';
import { type Field, fieldsOf } from '#src/domain/fields/fields-of.ts';
import { fieldKey } from '#src/domain/fields/limits.ts';
import { exactJson } from '#src/domain/workflow/exact-json.ts';
import type { Graph } from '#src/domain/workflow/graph.ts';
import type { RunWith } from '../results/actions/run-with.ts';
import type { Typed } from './fields/form-fields.ts';
import { fetchSampleGraph, type Offer } from './offers.ts';
import { readWorkflow } from './read/read-workflow.ts';

/** The first input that loads a file of this kind. */
const placeFor = (graph: Graph, media: RunWith['media']): Field | undefined =>
  fieldsOf(graph).find((field) => field.kind === 'file' && field.media === media);

/** The upload, in the first place for one of its kind. */
export function inPlace(graph: Graph, given: RunWith | null): Typed {
  const place = given && placeFor(graph, given.media);
  return new Map(place ? [[fieldKey(place), given.inputName]] : []);
}

/** The graph of one's own job, with every digit of its seeds. */
export async function readJobGraph(client: TRPCClient<AppRouter>, id: string): Promise<Graph> {
  const { prompt, exactPrompt } = await client.jobs.graph.query({ id });
  const read = readWorkflow(exactJson(prompt, exactPrompt));
  if (!read.ok) throw new Error(read.why);
  return read.prompt;
}

/** Those of the samples that load a file of this kind. */
export async function samplesFor(samples: readonly Offer[], media: RunWith['media']): Promise<ReadonlySet<string>> {
  const fitting = samples.map(async (offer) => {
    if (offer.type !== 'sample') return [];
    return placeFor(await fetchSampleGraph(offer.file), media) ? [offer.id] : [];
  });
  return new Set((await Promise.all(fitting)).flat());
}
