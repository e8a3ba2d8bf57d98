import { useQuery } from '@tanstack/react-query';
import { parseGraphJson } from '#src/domain/workflow/graph-json.ts';
import { useTRPC, useTRPCClient } from '../api-client/trpc.ts';
import { classOffers, fetchSampleGraph, fetchSamples, type Offer, type OfferedGraph } from './offers.ts';
import { apiWorkflow } from './read/read-workflow.ts';

/** The workflows of the class in the teacher's order, then the samples; undefined while they are read. */
export function useOffers() {
  const trpc = useTRPC();
  const ofClass = useQuery(trpc.workflows.list.queryOptions());
  const samples = useQuery({ queryKey: ['samples'], queryFn: fetchSamples });
  const hasComfy = Boolean(useQuery(trpc.session.info.queryOptions()).data?.comfyuiUrl);
  const own = ofClass.data && classOffers(ofClass.data, hasComfy);
  const isRead = (own !== undefined || ofClass.isError) && (samples.data !== undefined || samples.isError);
  return {
    offers: isRead ? [...(own ?? []), ...(samples.data ?? [])] : undefined,
    /** What could not be read; null = all could. */
    unread: ofClass.isError ? 'class workflows' : samples.isError ? 'samples' : null,
  };
}

/** The graph of an offer, with every digit of its seeds. */
export function useOfferedGraph(offer: Exclude<Offer, { type: 'editor' }>) {
  const client = useTRPCClient();
  const read = async (): Promise<OfferedGraph> => {
    if (offer.type === 'sample') return fetchSampleGraph(offer.file);
    const { prompt, exactPrompt } = await client.workflows.get.query({ id: offer.id });
    return apiWorkflow.parse(exactPrompt === null ? prompt : parseGraphJson(exactPrompt)).prompt;
  };
  return useQuery({ queryKey: ['offered-graph', offer.type, offer.id], queryFn: read });
}
