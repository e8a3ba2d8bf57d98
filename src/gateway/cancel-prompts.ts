import { appErrorIn } from '#src/domain/errors.ts';
import type { Actor } from '#src/domain/users/user.ts';
import type { ComfyuiJob } from '#src/ports/comfyui/jobs.ts';
import { cancelJob } from '#src/services/jobs/cancel-job.ts';

export type Cancel = Parameters<typeof cancelJob>[0];

/** Ends these jobs of the actor's; gives how many. One that has ended meanwhile is none. */
export async function cancelPrompts(deps: Cancel, actor: Actor, jobs: readonly ComfyuiJob[]): Promise<number> {
  let count = 0;
  for (const { job } of jobs) {
    try {
      await cancelJob(deps, actor, job.id);
      count += 1;
    } catch (error) {
      if (appErrorIn(error)?.code !== 'conflict') throw error;
    }
  }
  return count;
}
