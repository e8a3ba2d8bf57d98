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
const editorFormat = z.looseObject({ nodes: z.array(z.unknown()) });

export const apiWorkflow = z.union([bareGraph, request]);

export type WorkflowFile =
  | {
      readonly ok: true;
      readonly prompt: z.infer<typeof graph>;
      readonly workflow: z.infer<typeof workflow> | undefined;
    }
  /** In the editor's own format only, which GPUs cannot run. */
  | {
      readonly ok: false;
      readonly what: 'editor';
      readonly why: string;
      readonly workflow: z.infer<typeof workflow>;
    }
  /** `media`: a picture, film or sound without a workflow. */
  | { readonly ok: false; readonly what: 'media' | 'unknown'; readonly why: string };

const no = (why: string): WorkflowFile => ({ ok: false, what: 'unknown', why });

/** What to do about a file that is no workflow in API format. */
export const HOW = 'In ComfyUI choose Workflow, then Export (API), and drop that file here.';

/** Reads a workflow file in API format, or explains what the file is instead and what to do. */
export function readWorkflow(text: string): WorkflowFile {
  let json: unknown;
  try {
    json = parseGraphJson(text);
  } catch (error) {
    if (error instanceof AppError) return no(error.message);
    return no(`This is not a workflow file: it is not JSON. ${HOW}`);
  }
  const editors = editorFormat.safeParse(json);
  if (editors.success)
    return {
      ok: false,
      what: 'editor',
      why: 'This workflow is in the editor format, which GPUs cannot run.',
      workflow: editors.data,
    };
  const read = apiWorkflow.safeParse(json);
  if (!read.success) return no(`This JSON file is not a workflow in API format. ${HOW}`);
  if (Object.keys(read.data.prompt).length === 0) return no(`This workflow is empty: it has no nodes. ${HOW}`);
  return { ok: true, ...read.data };
}
