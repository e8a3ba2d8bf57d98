import * as z from 'zod/mini';
import { parseGraphJson } from '#src/domain/workflow/graph-json.ts';

const editors = z.looseObject({ nodes: z.array(z.unknown()) });
const node = z.looseObject({ class_type: z.string(), inputs: z.record(z.string(), z.unknown()) });
const api = z.record(z.string(), node);
const both = z.object({
  prompt: api,
  workflow: z.optional(editors),
  extra_data: z.optional(z.object({ extra_pnginfo: z.optional(z.object({ workflow: z.optional(editors) })) })),
});

export type WorkflowForms = {
  readonly name: string;
  /** The editor's own form. */
  readonly workflow: z.infer<typeof editors> | null;
  /** The workflow that is sent. */
  readonly prompt: z.infer<typeof api> | null;
};

/** The workflow in a file, or why it has none. */
export function formsOf(fileName: string, text: string): WorkflowForms | string {
  const name = fileName.replace(/\.json$/i, '');
  let json: unknown;
  try {
    json = parseGraphJson(text);
  } catch {
    return `${fileName} is not a workflow: it is not JSON.`;
  }
  const asEditors = editors.safeParse(json);
  if (asEditors.success) return { name, workflow: asEditors.data, prompt: null };
  const asBoth = both.safeParse(json);
  if (asBoth.success) {
    const { prompt, workflow, extra_data } = asBoth.data;
    return { name, workflow: workflow ?? extra_data?.extra_pnginfo?.workflow ?? null, prompt };
  }
  const asApi = api.safeParse(json);
  if (asApi.success && Object.keys(asApi.data).length > 0) return { name, workflow: null, prompt: asApi.data };
  return `${fileName} is not a ComfyUI workflow.`;
}

/** Two files of one workflow are its two forms; what came last of each counts. */
export const joined = (before: WorkflowForms | null, next: WorkflowForms): WorkflowForms => ({
  name: before === null || next.workflow !== null ? next.name : before.name,
  workflow: next.workflow ?? before?.workflow ?? null,
  prompt: next.prompt ?? before?.prompt ?? null,
});
