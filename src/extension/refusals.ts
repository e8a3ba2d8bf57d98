import { workflowIdOf } from '#src/domain/workflow/workflow-id.ts';
import type { Comfy } from './comfy.ts';
import { inside, reply } from './json.ts';
import type { ServerJob } from './server.ts';

/** What ComfyUI's own server says of a graph that it does not run. */
export const refusal = (type: string, message: string, nodeErrors: unknown = {}, status = 400): Response =>
  reply({ error: { type, message, details: '', extra_info: {} }, node_errors: nodeErrors }, status);

/** Runs that we ask for ourselves have these numbers, downwards: no press of a button has. */
const FIRST = -7_001_000;
const NOT_USED = 'ComfyUI could not use this workflow';

const isRefused = ({ status, reason }: Pick<ServerJob, 'status' | 'reason'>): boolean =>
  status === 'failed' && (reason === 'rejected_by_worker' || reason === 'invalid_graph');

/**
 * A job is taken at once, and refused by a worker later. The front end shows a refusal (red nodes, rings on slots, its own dialog or list of errors) only as
 * the answer to a run: so it is asked to run once more, and that is answered with what the worker said and sent to nobody.
 */
export function createRefusals(comfy: Pick<Comfy, 'runAgain'>, isPressed: () => boolean) {
  let raised = 0;
  /** The newest, for as long as nobody presses Run. */
  let last: ServerJob | null = null;

  return {
    isRefused,

    /** Only while its graph is open. False where this front end cannot be asked. */
    raise(job: ServerJob): boolean {
      last = job;
      raised += 1;
      return comfy.runAgain(FIRST - raised);
    },

    /**
     * The answer to a run that is not to be sent: one that we asked for ourselves, or one that the front end began by itself (“Run (Instant)” goes on when
     * nothing is left to do) with a workflow that was refused a moment ago. Null for every other.
     */
    answer(body: unknown): Response | null {
      const number = inside(body, 'number');
      const isOurs = typeof number === 'number' && number < FIRST;
      if (!isOurs && isPressed()) last = null;
      if (!last) return isOurs ? refusal('failed', NOT_USED) : null;
      const workflowId = workflowIdOf(inside(body, 'extra_data', 'extra_pnginfo', 'workflow'));
      if (!isOurs && workflowId !== last.workflowId) return null;
      const { reason, message, nodeErrors } = last;
      // The front end puts what is wrong with each node behind it.
      if (nodeErrors) return refusal('prompt_outputs_failed_validation', NOT_USED, nodeErrors);
      return refusal(reason ?? 'failed', message ?? NOT_USED);
    },
  };
}
export type Refusals = ReturnType<typeof createRefusals>;
