import type { PromptFacts, PromptTexts } from '#src/domain/comfyui-messages/entries.ts';
import { graphNodes } from '#src/domain/comfyui-messages/graph-nodes.ts';
import type { OutputFile } from '#src/domain/comfyui-messages/outputs.ts';
import { comfyuiFileOf } from '#src/domain/files/comfyui-file.ts';
import { ownName } from '#src/domain/files/preview-names.ts';
import { isText } from '#src/domain/files/text-files.ts';
import { groupBy } from '#src/domain/group-by.ts';
import type { ComfyuiJob, ComfyuiJobs } from '#src/ports/comfyui/jobs.ts';
import type { Gallery } from '#src/ports/gallery.ts';
import type { Result, ResultStore } from '#src/ports/results.ts';

export type ReadPrompts = {
  comfyuiJobs: ComfyuiJobs;
  results: Pick<ResultStore, 'ofJobs'>;
  gallery: Pick<Gallery, 'read'>;
};

/** The longest text that a node is given. */
const MAX_TEXT_BYTES = 100_000;

export const factsOf = ({ job, promptId, clientId }: ComfyuiJob): PromptFacts => ({ ...job, promptId, clientId });

/** A text that is gone is named on its node like any other file. */
async function readText({ gallery }: ReadPrompts, { mime, bytes, path }: Result): Promise<string | undefined> {
  if (bytes > MAX_TEXT_BYTES || !isText(mime)) return undefined;
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of gallery.read(path)) pieces.push(piece);
  } catch {
    return undefined;
  }
  return Buffer.concat(pieces).toString();
}

async function toFile(deps: ReadPrompts, result: Result, withTexts: boolean): Promise<OutputFile> {
  const { id, nodeId, kind, path, preview } = result;
  const below = path.slice(path.indexOf('/') + 1);
  return {
    id,
    nodeId,
    kind,
    name: ownName(below),
    isPreview: preview,
    file: comfyuiFileOf(below, preview),
    text: withTexts && kind === 'other' ? await readText(deps, result) : undefined,
  };
}

/** By job, what is here of it. `withTexts`: what its texts say, too. */
export async function filesOf(
  deps: ReadPrompts,
  jobs: readonly ComfyuiJob[],
  withTexts: boolean,
): Promise<(job: ComfyuiJob) => readonly OutputFile[]> {
  const results = await deps.results.ofJobs(jobs.map(({ job }) => job.id));
  const files = new Map<string, OutputFile[]>();
  for (const [jobId, own] of groupBy(results, ({ jobId }) => jobId)) {
    const made: OutputFile[] = [];
    for (const result of own) made.push(await toFile(deps, result, withTexts));
    files.set(jobId, made);
  }
  return ({ job }) => files.get(job.id) ?? [];
}

/** Jobs with their graphs, in this order; null beyond so many characters, of all but the first. A job without a graph has an empty one. */
export async function* withGraphs(
  { comfyuiJobs }: ReadPrompts,
  jobs: readonly ComfyuiJob[],
  maxCharacters: number,
): AsyncGenerator<readonly [ComfyuiJob, PromptTexts | null]> {
  let read = 0;
  for (const one of jobs) {
    const isRoom = one === jobs[0] || read < maxCharacters;
    const graphs = isRoom ? await comfyuiJobs.graphs([one.job.id]) : null;
    const { prompt = '{}', workflow = null } = graphs?.get(one.job.id) ?? {};
    read += prompt.length + (workflow?.length ?? 0);
    yield [one, graphs && { prompt, workflow, ...graphNodes(prompt) }];
  }
}
