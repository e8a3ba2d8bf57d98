import type { Comfy } from './comfy.ts';
import type { Server, ServerJob } from './server.ts';
import { nodesWithFiles, previewOf, progressState } from './shapes.ts';

/**
 * Makes the front end show how far one run is, as its own server would: which node runs, its steps, and what it shows of its picture. One run at a time,
 * as front ends do; preview pictures only while this tab is seen, and motion is wanted.
 */
export function createLive(comfy: Pick<Comfy, 'tell'>, look: Server['look']) {
  const still = window.matchMedia('(prefers-reduced-motion: reduce)');
  let shown: ServerJob | null = null;
  let told = '';
  /** The node that was told to run. */
  let running: string | null = null;
  let looking: { readonly id: string; readonly end: () => void } | null = null;

  function lookOrNot(): void {
    const id = shown && document.visibilityState === 'visible' && !still.matches ? shown.id : null;
    if (id === (looking?.id ?? null)) return;
    looking?.end();
    looking = id === null ? null : { id, end: look(id, (preview) => showPreview(id, preview)) };
  }
  function showPreview(jobId: string, preview: Parameters<typeof previewOf>[1]): void {
    const detail = previewOf(jobId, preview);
    comfy.tell('b_preview_with_metadata', detail);
    // Front ends that do not know the other show it on the node that runs.
    comfy.tell('b_preview', detail.blob);
  }
  function showRun(job: ServerJob): void {
    comfy.tell('progress_state', progressState(job, nodesWithFiles(job)));
    const { node, step } = job.live ?? {};
    if (node && node.id !== running) comfy.tell('executing', node.id);
    running = node?.id ?? running;
    if (node && step) comfy.tell('progress', { prompt_id: job.id, node: node.id, value: step.value, max: step.max });
  }

  document.addEventListener('visibilitychange', lookOrNot);
  still.addEventListener('change', lookOrNot);

  return {
    /** The run that the page follows just now; null = nothing is heard of any that belongs to it. */
    show(job: ServerJob | null): void {
      const words = JSON.stringify(job && [job.id, job.live, nodesWithFiles(job)]);
      if (words === told) return;
      told = words;
      if (shown?.id !== job?.id) running = null;
      if (shown && !job) comfy.tell('progress_state', { prompt_id: shown.id, nodes: {} });
      shown = job;
      if (job) showRun(job);
      lookOrNot();
    },
    /** The page was told the end of a run, and shows nothing of any now. */
    ended(jobId: string): void {
      told = '';
      running = null;
      if (shown?.id !== jobId) return;
      shown = null;
      lookOrNot();
    },
    /** The page may have lost what it was told. */
    forget(): void {
      told = '';
      running = null;
    },
  };
}
export type Live = ReturnType<typeof createLive>;
