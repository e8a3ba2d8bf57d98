import { z } from 'zod';
import { historyEntry } from '#src/domain/comfyui-messages/entries.ts';
import { isFinal, JOB_STATUSES } from '#src/domain/jobs/job.ts';
import type { ComfyuiAnswers, ComfyuiJob } from '#src/ports/comfyui/jobs.ts';
import { listChange } from './queue.ts';
import { factsOf, filesOf, type ReadPrompts, withGraphs } from './read-prompts.ts';
import type { Routes } from './routes.ts';

/** Entries of an answer: without a number asked for, and at most. */
const USUAL = 50;
const MAX_ITEMS = 200;
/** Of all graphs in an answer. */
const MAX_CHARACTERS = 4_000_000;

const range = z.object({
  max_items: z.coerce.number().int().nonnegative().optional(),
  offset: z.coerce.number().int().optional(),
});
const ENDED = JOB_STATUSES.filter(isFinal);

export function historyRoutes(deps: ReadPrompts & { comfyuiAnswers: ComfyuiAnswers }): Routes {
  const { comfyuiJobs, comfyuiAnswers } = deps;

  /** `jobs`: first what is wanted most; the answer has the oldest first. */
  async function answer(jobs: readonly ComfyuiJob[]): Promise<string> {
    const files = await filesOf(deps, jobs, true);
    const entries: { endedAt: number; text: string }[] = [];
    for await (const [one, texts] of withGraphs(deps, jobs, MAX_CHARACTERS)) {
      if (!texts) break;
      const entry = historyEntry(factsOf(one), files(one), texts);
      entries.push({ endedAt: one.job.endedAt ?? 0, text: `${JSON.stringify(one.promptId)}:${entry}` });
    }
    entries.sort((a, b) => a.endedAt - b.endedAt);
    return `{${entries.map(({ text }) => text)}}`;
  }

  return {
    /** Without an offset the newest, else from the oldest on, as ComfyUI does. */
    'GET /history': async ({ actor, url, sayText }) => {
      const { max_items: asked, offset } = range.parse(Object.fromEntries(url.searchParams));
      const limit = Math.min(asked ?? USUAL, MAX_ITEMS);
      const isFromStart = offset !== undefined && offset >= 0;
      const query = {
        userId: actor.userId,
        statuses: ENDED,
        sort: 'ended',
        order: isFromStart ? 'asc' : 'desc',
        limit,
        offset: isFromStart ? offset : 0,
        after: null,
      } as const;
      sayText(
        await comfyuiAnswers.of(actor.userId, `history ${limit} ${offset ?? ''}`, async () =>
          limit === 0 ? '{}' : answer((await comfyuiJobs.list(query)).items),
        ),
      );
    },

    'GET /history/:id': async ({ actor, params, sayText }) => {
      const { id = '' } = params;
      sayText(
        await comfyuiAnswers.of(actor.userId, `history of ${id}`, async () => {
          const found = await comfyuiJobs.find(actor.userId, id);
          return found && isFinal(found.job.status) && !found.isHidden ? answer([found]) : '{}';
        }),
      );
    },

    /** Takes entries out of ComfyUI's history only: jobs and results stay in the gallery. */
    'POST /history': async ({ actor, json, say }) => {
      const change = listChange.parse(await json());
      if (change.clear) await comfyuiJobs.hide(actor.userId, null);
      else if (change.delete) await comfyuiJobs.hide(actor.userId, change.delete);
      comfyuiAnswers.forget(actor.userId);
      say({});
    },
  };
}
