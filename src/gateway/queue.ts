import { z } from 'zod';
import { type PromptTexts, queueItem } from '#src/domain/comfyui-messages/entries.ts';
import { graphNodes } from '#src/domain/comfyui-messages/graph-nodes.ts';
import { isPending } from '#src/domain/comfyui-messages/queue-choice.ts';
import type { ComfyuiAnswers } from '#src/ports/comfyui/jobs.ts';
import { type Cancel, cancelPrompts } from './cancel-prompts.ts';
import { factsOf, type ReadPrompts, withGraphs } from './read-prompts.ts';
import type { Routes } from './routes.ts';

/** Of all graphs in one answer. Beyond that jobs are listed without: who looks for one takes what is not in the list for lost. */
const MAX_CHARACTERS = 4_000_000;
const NO_GRAPH: PromptTexts = { prompt: '{}', workflow: null, ...graphNodes('{}') };

const MAX_IDS = 1000;
const ids = z.array(z.coerce.string().max(100)).max(MAX_IDS);
export const listChange = z.object({ clear: z.unknown().optional(), delete: ids.optional() });

export const queueRoutes = (deps: ReadPrompts & Cancel & { comfyuiAnswers: ComfyuiAnswers }): Routes => ({
  'GET /queue': async ({ actor, sayText }) => {
    const { userId } = actor;
    const answer = await deps.comfyuiAnswers.of(userId, 'queue', async () => {
      const jobs = await deps.comfyuiJobs.alive(userId);
      const running: string[] = [];
      const pending: string[] = [];
      for await (const [one, texts] of withGraphs(deps, jobs, MAX_CHARACTERS))
        (isPending(one.job.status) ? pending : running).push(queueItem(factsOf(one), texts ?? NO_GRAPH));
      return `{"queue_running":[${running}],"queue_pending":[${pending}]}`;
    });
    sayText(answer);
  },

  /** What runs is not taken out of the queue: that is what interrupting is for. */
  'POST /queue': async ({ actor, say, json }) => {
    const change = listChange.parse(await json());
    const waiting = (await deps.comfyuiJobs.alive(actor.userId)).filter(({ job }) => isPending(job.status));
    const chosen = change.clear ? waiting : waiting.filter(({ promptId }) => change.delete?.includes(promptId));
    await cancelPrompts(deps, actor, chosen);
    say({});
  },
});
