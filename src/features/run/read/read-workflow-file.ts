import { asSubmitted } from '#src/domain/workflow/as-submitted.ts';
import { readEmbedded } from './embedded.ts';
import { readWorkflow, type WorkflowFile } from './read-workflow.ts';

const MAX_BYTES = 8 * 1024 * 1024;

/** Reads a workflow from a JSON file, or from a picture, film or sound that ComfyUI made; else says what the file is instead. */
export async function readWorkflowFile(file: File): Promise<WorkflowFile> {
  const embedded = await readEmbedded(file);
  if (!embedded && /^(image|video|audio)\//.test(file.type)) return noneIn(file);
  if (!embedded) {
    if (file.size > MAX_BYTES)
      return { ok: false, what: 'unknown', why: 'This file is larger than 8 MB, the limit for a workflow.' };
    return readWorkflow(await file.text());
  }
  const { prompt, workflow } = embedded;
  const given = workflow === null ? `{"prompt":${prompt}}` : `{"prompt":${prompt},"workflow":${workflow}}`;
  const runnable = prompt === null ? null : readWorkflow(given);
  // What a worker embeds is the graph that it was sent, with what we added to it.
  if (runnable?.ok) return { ...runnable, prompt: asSubmitted(runnable.prompt) };
  if (workflow === null) return runnable ?? noneIn(file);
  return readWorkflow(workflow);
}

const noneIn = ({ name }: File): WorkflowFile => ({
  ok: false,
  what: 'media',
  why: `“${name}” contains no workflow: it does not come from ComfyUI, or was saved without its metadata.`,
});
