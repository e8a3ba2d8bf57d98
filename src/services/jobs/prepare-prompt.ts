import { withFiles } from '#src/domain/files/file-inputs.ts';
import { fileInputs, uploadLookup } from '#src/domain/files/inputs.ts';
import { needsComfyKey } from '#src/domain/node-catalogue/needs-comfy-key.ts';
import type { Graph } from '#src/domain/workflow/graph.ts';
import { parseGraphJson } from '#src/domain/workflow/graph-json.ts';
import { JOB_KEY, rewriteGraph } from '#src/domain/workflow/rewrite.ts';
import type { NodeCatalogues } from '#src/ports/comfyui/node-catalogue.ts';
import type { InputStore } from '#src/ports/inputs.ts';
import type { Random } from '#src/ports/random.ts';
import type { WorkerVersions } from '#src/ports/worker.ts';
import { findUploads } from '../inputs/find-uploads.ts';
import { nextTurn } from '../next-turn.ts';
import { type ExtraDataDeps, extraDataOf } from './extra-data-of.ts';

export type PromptDeps = ExtraDataDeps & {
  nodeCatalogues: Pick<NodeCatalogues, 'of'>;
  inputs: InputStore;
  workerVersions: WorkerVersions;
  random: Random;
};

/**
 * What a worker is to be sent for this job, under an id and with a folder that no other sending has. Null when it needs the key of its owner's Comfy
 * account, and that went with the last restart.
 */
export async function preparePrompt(
  deps: PromptDeps,
  { jobId, userId, endpointId }: { jobId: string; userId: string; endpointId: string },
  { graph, workflow: stored }: { graph: Graph; workflow: string | null },
  now: number,
) {
  const { data: extraData, isWhole } = await extraDataOf(deps, jobId);
  if (!isWhole && needsComfyKey(graph, await deps.nodeCatalogues.of(endpointId))) return null;
  await nextTurn();
  const promptId = deps.random.id();
  const files = fileInputs(graph);
  // What was replaced or deleted since the job was submitted is still there for it.
  const inputs = files.length > 0 ? await deps.inputs.ofJob(jobId) : [];
  const [named, owned] = [uploadLookup(inputs), await findUploads(deps, userId, files)];
  const uploadOf = (file: (typeof files)[number]) => named(file) ?? owned(file);
  await nextTurn();
  const { prompt, plan, folders, warnings } = rewriteGraph(
    withFiles(graph, files, (file) => uploadOf(file)?.file),
    promptId,
    { version: deps.workerVersions.versionOf(endpointId) },
    now,
  );
  const uploads = files.flatMap((file) => uploadOf(file) ?? []);
  await nextTurn();
  const workflow: unknown = stored === null ? null : parseGraphJson(stored);
  const extraPnginfo = { ...(workflow !== null && { workflow }), [JOB_KEY]: jobId };
  return { plan, folders, warnings, uploads, prompt: { promptId, prompt, extraPnginfo, extraData } };
}
