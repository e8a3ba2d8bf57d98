import { useQueries } from '@tanstack/react-query';
import type { Graph } from '#src/domain/workflow/graph.ts';
import { graphDifferences } from '#src/domain/workflow/graph-differences.ts';
import { parseGraph } from '#src/domain/workflow/parse-graph.ts';
import { useTRPC } from '../api-client/trpc.ts';
import { type Detail, FACTS, factsOf } from '../viewer/parameters/facts.ts';
import { type Row, rowsOf } from './differences.ts';

/** Inputs that the first rows already show. */
const SHOWN =
  /^(seed|noise_seed|steps|cfg|guidance|sampler_name|scheduler|text|ckpt_name|unet_name|model_name|lora_name|filename_prefix)$/;

/** What the results were made with: the facts, then whatever else differs between their graphs once these have loaded. */
export function useDifferences(details: readonly Detail[]): Row[] {
  const trpc = useTRPC();
  const graphs = useQueries({
    queries: details.map(({ job }) =>
      trpc.jobs.graph.queryOptions({ id: job.id }, { staleTime: Number.POSITIVE_INFINITY }),
    ),
    combine: (reads): Graph[] => reads.flatMap(({ data }) => (data ? [parseGraph(data.prompt)] : [])),
  });
  const facts = rowsOf(FACTS, details.map(factsOf));
  if (graphs.length < details.length) return facts;
  const inputs = graphDifferences(graphs)
    .filter(({ input }) => !SHOWN.test(input))
    .map(({ classType, nodeId, input, values }) => ({
      name: `${classType} ${nodeId}: ${input}`,
      values,
      differs: true,
    }));
  return [...facts, ...inputs];
}
