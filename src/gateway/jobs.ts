import { z } from 'zod';
import {
  COMFYUI_STATUSES,
  comfyuiStatus,
  isComfyuiStatus,
  jobDetail,
  jobItem,
  type PromptFacts,
} from '#src/domain/comfyui-messages/entries.ts';
import { JOB_STATUSES } from '#src/domain/jobs/job.ts';
import type { ComfyuiAnswers } from '#src/ports/comfyui/jobs.ts';
import { type Cancel, cancelPrompts } from './cancel-prompts.ts';
import { factsOf, filesOf, type ReadPrompts, withGraphs } from './read-prompts.ts';
import type { Routes } from './routes.ts';

const MAX_ITEMS = 200;
/** The newest, which are sorted by how long they took: the database knows no such order. */
const MAX_BY_DURATION = 1000;
const MAX_IDS = 1000;

const one = (schema: z.ZodType<string>) =>
  z.preprocess((text) => String(text ?? '').toLowerCase() || undefined, schema);
const query = z.object({
  status: z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((word) => word.trim().toLowerCase())
        .filter(Boolean),
    )
    .refine((words) => words.every(isComfyuiStatus), `should be of ${COMFYUI_STATUSES.join(', ')}`)
    .optional(),
  workflow_id: z.string().max(100).optional(),
  sort_by: one(z.enum(['created_at', 'execution_duration']).default('created_at')),
  sort_order: one(z.enum(['asc', 'desc']).default('desc')),
  limit: z.coerce.number().int().positive().default(MAX_ITEMS),
  offset: z.coerce
    .number()
    .int()
    .default(0)
    .transform((offset) => Math.max(0, offset)),
  after: z.string().optional(),
});

const duration = ({ startedAt, endedAt }: PromptFacts): number =>
  startedAt === null || endedAt === null ? 0 : endedAt - startedAt;

export function jobRoutes(deps: ReadPrompts & Cancel & { comfyuiAnswers: ComfyuiAnswers }): Routes {
  const { comfyuiJobs, comfyuiAnswers } = deps;

  async function page(userId: string, asked: z.output<typeof query>) {
    const words = asked.status ?? [];
    const filter = {
      userId,
      statuses: JOB_STATUSES.filter((status) => words.length === 0 || words.includes(comfyuiStatus(status))),
      workflowId: asked.workflow_id || undefined,
    };
    const limit = Math.min(asked.limit, MAX_ITEMS);
    const byDuration = asked.sort_by === 'execution_duration';
    const total = await comfyuiJobs.count(filter);
    const { items, nextCursor } = await comfyuiJobs.list({
      ...filter,
      sort: 'created',
      order: asked.sort_order === 'asc' && !byDuration ? 'asc' : 'desc',
      limit: byDuration ? MAX_BY_DURATION : limit,
      offset: byDuration ? 0 : asked.offset,
      after: byDuration ? null : (asked.after ?? null),
    });
    if (!byDuration) return { items, total, limit, nextCursor };
    const sign = asked.sort_order === 'asc' ? 1 : -1;
    items.sort((a, b) => sign * (duration(factsOf(a)) - duration(factsOf(b))));
    return { items: items.slice(asked.offset, asked.offset + limit), total, limit, nextCursor: null };
  }

  return {
    'GET /jobs': async ({ actor, url, sayText }) => {
      const asked = query.parse(Object.fromEntries(url.searchParams));
      sayText(
        await comfyuiAnswers.of(actor.userId, `jobs ${JSON.stringify(asked)}`, async () => {
          const { items, total, limit, nextCursor } = await page(actor.userId, asked);
          const files = await filesOf(deps, items, false);
          const { offset, after } = asked;
          return JSON.stringify({
            jobs: items.map((item) => jobItem(factsOf(item), files(item))),
            pagination: {
              offset,
              limit,
              total,
              has_more: after === undefined ? offset + items.length < total : nextCursor !== null,
              ...(nextCursor !== null && { next_cursor: nextCursor }),
            },
          });
        }),
      );
    },

    'GET /jobs/:id': async ({ actor, params, say, sayText }) => {
      const found = await comfyuiJobs.find(actor.userId, params.id ?? '');
      if (!found || found.isHidden) return say({ error: 'Job not found' }, 404);
      const files = await filesOf(deps, [found], true);
      for await (const [item, texts] of withGraphs(deps, [found], 0))
        if (texts) sayText(jobDetail(factsOf(item), files(item), texts));
    },

    /** What has ended, or never was, is no error: whoever cancels may be late. */
    'POST /jobs/:id/cancel': async ({ actor, params, say }) => {
      const found = await comfyuiJobs.find(actor.userId, params.id ?? '');
      say({ cancelled: found !== null && (await cancelPrompts(deps, actor, [found])) > 0 });
    },

    'POST /jobs/cancel': async ({ actor, json, say }) => {
      const { job_ids: ids } = z.object({ job_ids: z.array(z.uuid()).max(MAX_IDS) }).parse(await json());
      const chosen = (await comfyuiJobs.alive(actor.userId)).filter(({ promptId }) => ids.includes(promptId));
      say({ cancelled: (await cancelPrompts(deps, actor, chosen)) > 0 });
    },
  };
}
