import * as z from 'zod/mini';
import { AppError } from '#src/domain/errors.ts';
import { parseGraphJson } from '#src/domain/workflow/graph-json.ts';

const graph = z.record(
  z.string(),
  z.looseObject({ class_type: z.string(), inputs: z.record(z.string(), z.unknown()) }),
);
const workflow = z.record(z.string(), z.unknown());

const bareGraph = z.pipe(
  graph,
  z.transform((prompt: z.infer<typeof graph>) => ({ prompt, workflow: undefined })),
);
/** What ComfyUI's own `POST /prompt` takes. */
const body = z.object({
  prompt: graph,
  workflow: z.optional(workflow),
  extra_data: z.optional(z.object({ extra_pnginfo: z.optional(z.object({ workflow: z.optional(workflow) })) })),
});
const request = z.pipe(
  body,
  z.transform(({ prompt, workflow, extra_data }: z.infer<typeof body>) => ({
    prompt,
    workflow: workflow ?? extra_data?.extra_pnginfo?.workflow,
  })),
);
const editorFormat = z.object({ nodes: z.array(z.unknown()) });

export const apiWorkflow = z.union([bareGraph, request]);

export type WorkflowFile =
  | {
      readonly ok: true;
      readonly prompt: z.infer<typeof graph>;
      readonly workflow: z.infer<typeof workflow> | undefined;
    }
  | { readonly ok: false; readonly why: string };

const no = (why: string): WorkflowFile => ({ ok: false, why });

const HOW = 'In ComfyUI choose Workflow, then Export (API), and drop that file here.';

/** Reads a workflow file in API format, or explains what the file is instead and what to do. */
export function readWorkflow(text: string): WorkflowFile {
  let json: unknown;
  try {
    json = parseGraphJson(text);
  } catch (error) {
    if (error instanceof AppError) return no(error.message);
    return no(`This is not a workflow file: it is not JSON. ${HOW}`);
  }
  if (editorFormat.safeParse(json).success) return no(`This is the editor format, which GPUs cannot run. ${HOW}`);
  const read = apiWorkflow.safeParse(json);
  if (!read.success) return no(`This JSON file is not a workflow in API format. ${HOW}`);
  if (Object.keys(read.data.prompt).length === 0) return no(`This workflow is empty: it has no nodes. ${HOW}`);
  return { ok: true, ...read.data };
}

const MAX_BYTES = 8 * 1024 * 1024;

export async function readWorkflowFile(file: File): Promise<WorkflowFile> {
  if (/^(image|video|audio)\//.test(file.type)) return no(`${file.name} is a media file, not a workflow. ${HOW}`);
  if (file.size > MAX_BYTES) return no('This file is larger than 8 MB, the limit for a workflow.');
  return readWorkflow(await file.text());
}
