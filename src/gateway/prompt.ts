import { z } from 'zod';
import { numberOfNew } from '#src/domain/comfyui-messages/entries.ts';
import { comfyuiPrompt, type PromptRefusal, refusalOf } from '#src/domain/comfyui-messages/prompt.ts';
import { toInterrupt } from '#src/domain/comfyui-messages/queue-choice.ts';
import { nameOfHeader, RUN_NAME_HEADER } from '#src/domain/comfyui-messages/run-name.ts';
import { appErrorIn } from '#src/domain/errors.ts';
import type { ComfyuiJobs } from '#src/ports/comfyui/jobs.ts';
import { type SubmitDeps, submitJob } from '#src/services/jobs/submit-job.ts';
import { type Cancel, cancelPrompts } from './cancel-prompts.ts';
import type { Call, Routes } from './routes.ts';

type Deps = SubmitDeps & Cancel & { comfyuiJobs: ComfyuiJobs };

export function promptRoutes(deps: Deps): Routes {
  const { comfyuiJobs } = deps;
  const refuse = ({ say }: Call, { status, ...body }: PromptRefusal): void => say(body, status);

  async function submit(call: Call): Promise<void> {
    const { actor, json, request, say } = call;
    const asked = comfyuiPrompt(await json(), (await deps.settings.read()).allowedExtraData);
    if (asked.type === 'refused') return refuse(call, asked.refusal);
    const { prompt, workflow, extraData, promptId, clientId, goesFirst } = asked;
    // The id may also be one that we gave.
    const earlier = promptId === null ? null : await comfyuiJobs.find(actor.userId, promptId);
    const { job, nodeErrors } = earlier
      ? { job: earlier.job, nodeErrors: earlier.job.nodeErrors ?? {} }
      : await submitJob(deps, actor, {
          prompt,
          workflow,
          title: nameOfHeader(request.headers[RUN_NAME_HEADER]),
          extraData,
          clientRequestId: promptId ?? undefined,
          comfyui: { promptId, clientId, goesFirst },
        });
    say({ prompt_id: promptId ?? job.id, number: numberOfNew(job.createdAt, goesFirst), node_errors: nodeErrors });
  }

  return {
    'GET /prompt': async ({ actor, say }) =>
      say({ exec_info: { queue_remaining: await comfyuiJobs.countAlive(actor.userId) } }),

    'POST /prompt': async (call) => {
      try {
        await submit(call);
      } catch (error) {
        const appError = appErrorIn(error);
        const refusal = appError && refusalOf(appError);
        if (!refusal) throw error;
        refuse(call, refusal);
      }
    },

    'POST /interrupt': async ({ actor, json, say }) => {
      // ComfyUI takes a body that is no JSON for none.
      const body = z.object({ prompt_id: z.string().catch('') }).safeParse(await json().catch(() => ({}))).data;
      const chosen = toInterrupt(await comfyuiJobs.alive(actor.userId), body?.prompt_id || null);
      if (chosen) await cancelPrompts(deps, actor, [chosen]);
      say({});
    },

    /** Workers look after their own memory. */
    'POST /free': ({ say }) => say({}),
  };
}
