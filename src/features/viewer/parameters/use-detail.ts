import { useQuery } from '@tanstack/react-query';
import { exactJson } from '#src/domain/workflow/exact-json.ts';
import { useTRPC } from '../../api-client/trpc.ts';
import type { Detail } from './facts.ts';

export type DetailRead = {
  readonly detail: Detail | undefined;
  readonly error: unknown;
  readonly workflow: string | null;
};

type Graphs = {
  readonly prompt?: unknown;
  readonly workflow?: unknown;
  readonly exactPrompt: string | null;
  readonly exactWorkflow: string | null;
};

function jsonOf({ prompt, workflow, exactPrompt, exactWorkflow }: Graphs): string | null {
  if (workflow) return exactJson(workflow, exactWorkflow);
  return prompt ? exactJson(prompt, exactPrompt) : null;
}

/** A result with its details, and its workflow: the editor's own if there is one, else the API format. */
export function useDetail(id: string, result?: { readonly jobId: string }): DetailRead {
  const trpc = useTRPC();
  const detail = useQuery(trpc.results.get.queryOptions({ id }));
  const jobId = result?.jobId ?? detail.data?.job.id ?? '';
  const graph = useQuery(
    trpc.jobs.graph.queryOptions({ id: jobId }, { enabled: jobId !== '', staleTime: Number.POSITIVE_INFINITY }),
  );
  return { detail: detail.data, error: detail.error, workflow: graph.data ? jsonOf(graph.data) : null };
}
