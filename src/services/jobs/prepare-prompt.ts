import { withFiles } from '#src/domain/files/file-inputs.ts';
import { fileInputs, uploadLookup } from '#src/domain/files/inputs.ts';
import { readExtraData } from '#src/domain/workflow/extra-data.ts';
import type { Graph } from '#src/domain/workflow/graph.ts';
import { parseGraphJson } from '#src/domain/workflow/graph-json.ts';
import { JOB_KEY, rewriteGraph } from '#src/domain/workflow/rewrite.ts';
import type { InputStore } from '#src/ports/inputs.ts';
import type { JobReader } from '#src/ports/jobs.ts';
import type { Random } from '#src/ports/random.ts';
import type { WorkerVersions } from '#src/ports/worker.ts';
import { findUploads } from '../inputs/find-uploads.ts';
import { nextTurn } from '../next-turn.ts';

type Deps = { jobs: Pick<JobReader, 'extraData'>; inputs: InputStore; workerVersions: WorkerVersions; random: Random };

/** What a worker is to be sent for this job, under an id and with a folder that no other sending has. */
export async function preparePrompt(
  deps: Deps,
  { jobId, userId, endpointId }: { jobId: string; userId: string; endpointId: string },
  { graph, workflow: stored }: { graph: Graph; workflow: string | null },
  now: number,
) {
  await nextTurn();
  const promptId = deps.random.id();
  const files = fileInputs(graph);
  // What was replaced or deleted since the job was submitted is still there for it.
  const [named, owned] = [uploadLookup(await deps.inputs.ofJob(jobId)), await findUploads(deps, userId, files)];
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
  const extra = await deps.jobs.extraData(jobId);
  const extraData = extra === null ? {} : readExtraData(extra);
  const workflow: unknown = stored === null ? null : parseGraphJson(stored);
  const extraPnginfo = { ...(workflow !== null && { workflow }), [JOB_KEY]: jobId };
  return { plan, folders, warnings, uploads, prompt: { promptId, prompt, extraPnginfo, extraData } };
}
