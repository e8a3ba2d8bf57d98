import { z } from 'zod';
import { JOB_STATUSES } from '#src/domain/jobs/job.ts';
import { REQUEST } from '#src/domain/request-bounds.ts';
import type { Actor } from '#src/domain/users/user.ts';
import { shortened } from '#src/domain/warning.ts';
import { givenGraph, readableGraph } from '#src/domain/workflow/graph-json.ts';
import type { Job, JobQueue, JobReader } from '#src/ports/jobs.ts';
import type { LivePreviews } from '#src/ports/live-runs.ts';
import type { Positions } from '#src/ports/queue.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import { cancelJob } from '#src/services/jobs/cancel-job.ts';
import { makeVersions } from '#src/services/jobs/make-versions.ts';
import { ownJob } from '#src/services/jobs/own-job.ts';
import { retryJob } from '#src/services/jobs/retry-job.ts';
import { submitJob } from '#src/services/jobs/submit-job.ts';
import { type FeedDeps, feed } from './feed.ts';
import { type PresentDeps, presentJobs } from './present.ts';
import { changes, receiptOf, requestId, submitted } from './submission.ts';
import { amongFew } from './subscriptions.ts';
import { id, page, router, seeing, userProcedure } from './trpc.ts';
import type { JobView } from './views.ts';

export type JobsDeps = PresentDeps &
  FeedDeps &
  Parameters<typeof cancelJob>[0] &
  Parameters<typeof retryJob>[0] &
  Parameters<typeof submitJob>[0] & {
    jobs: JobQueue & JobReader;
    livePreviews: LivePreviews;
    positions: Positions;
    settings: SettingStore;
  };

const user = userProcedure.use(seeing((deps): JobsDeps => deps));

const MAX_VERSIONS = 8;
const MAX_LISTED_VERSIONS = 100;

/** Of `prompt` and `workflow`: as JSON, or as JSON text. */
const submission = z.object({
  prompt: z.unknown().transform(givenGraph),
  workflow: z.unknown().optional().transform(givenGraph),
  ...submitted,
  /** As in ComfyUI's own API; only what the operator allows goes to the worker. */
  extra_data: z.record(z.string().max(200), z.unknown()).optional(),
});

/** A list holds many jobs; `get` tells all of one. */
const MAX_LISTED = 5;
const inList = (job: JobView): JobView => ({ ...job, warnings: shortened(job.warnings, MAX_LISTED) });

type ReadGraphs = {
  prompt: unknown;
  workflow: unknown;
  exactPrompt: string | null;
  exactWorkflow: string | null;
};

const statuses = z.enum(JOB_STATUSES);

const one = async (deps: JobsDeps, actor: Actor, job: Job): Promise<JobView> =>
  (await presentJobs(deps, [job], actor.role))[0]!;

export const jobs = router({
  submit: user
    .meta({ maxBytes: REQUEST.graphBytes })
    .input(submission)
    .mutation(async ({ ctx, input }) => {
      const { extra_data: extraData, ...given } = input;
      const { job } = await submitJob(ctx.deps, ctx.actor, { ...given, extraData });
      return receiptOf(ctx.deps, job);
    }),

  list: user
    .input(
      z
        .object({
          ...page,
          status: z.union([statuses.transform((one) => [one]), z.array(statuses).min(1)]).optional(),
          workflowId: z.string().min(1).max(100).optional(),
          /** Somewhere in the title. */
          words: z.string().trim().max(200).optional(),
        })
        .prefault({}),
    )
    .query(async ({ ctx, input }) => {
      const { items, nextCursor } = await ctx.deps.jobs.list({
        userId: ctx.actor.userId,
        statuses: input.status ?? null,
        workflowId: input.workflowId,
        words: input.words || undefined,
        limit: input.limit,
        cursor: input.cursor,
      });
      const jobs = await presentJobs(ctx.deps, items, ctx.actor.role);
      return { items: jobs.map(inList), nextCursor };
    }),

  get: user
    .input(z.object({ id }))
    .query(async ({ ctx, input }) => one(ctx.deps, ctx.actor, await ownJob(ctx.deps.jobs, ctx.actor, input.id))),

  /** Whole numbers beyond 2^53 as text; where there are any, `exact…` is the graph's own JSON. */
  graph: user.input(z.object({ id })).query(async ({ ctx, input }): Promise<ReadGraphs> => {
    const job = await ownJob(ctx.deps.jobs, ctx.actor, input.id);
    const graph = await ctx.deps.jobs.graph(job.id);
    const prompt = readableGraph(graph?.prompt ?? null);
    const workflow = readableGraph(graph?.workflow ?? null);
    return {
      prompt: prompt.graph,
      workflow: workflow.graph,
      exactPrompt: prompt.exact,
      exactWorkflow: workflow.exact,
    };
  }),

  cancel: user
    .input(z.object({ id }))
    .mutation(async ({ ctx, input }) => one(ctx.deps, ctx.actor, await cancelJob(ctx.deps, ctx.actor, input.id))),

  /** New jobs made from this one, with these values changed: its versions, which stand together in the gallery. */
  vary: user
    .meta({ maxBytes: REQUEST.graphBytes })
    .input(
      z.object({
        id,
        changes,
        newSeeds: z.boolean().default(false),
        count: z.number().int().min(1).max(MAX_VERSIONS).default(1),
        clientRequestId: requestId.optional(),
      }),
    )
    .mutation(async ({ ctx, input }) =>
      (await makeVersions(ctx.deps, ctx.actor, input)).map((job) => receiptOf(ctx.deps, job)),
    ),

  /** A job and all its versions, newest first. */
  versions: user.input(z.object({ id })).query(async ({ ctx, input }) => {
    const { familyId, userId } = await ownJob(ctx.deps.jobs, ctx.actor, input.id);
    const family = (await ctx.deps.jobs.family(familyId, MAX_LISTED_VERSIONS)).filter((job) => job.userId === userId);
    const results = await ctx.deps.results.ofJobs(family.map((job) => job.id));
    return family.map(({ id, title, status, changes, createdAt }) => ({
      id,
      title,
      status,
      changes,
      createdAt: new Date(createdAt).toISOString(),
      resultId: results.find((result) => result.jobId === id && !result.preview)?.id ?? null,
    }));
  }),

  retry: user.input(z.object({ id, newSeed: z.boolean().default(false) })).mutation(async ({ ctx, input }) => {
    return receiptOf(ctx.deps, await retryJob(ctx.deps, ctx.actor, input));
  }),

  /** What everybody may know of the line. */
  line: user.query(async ({ ctx }) => {
    const [settings, { waiting }] = await Promise.all([ctx.deps.settings.read(), ctx.deps.jobs.counts()]);
    return { paused: settings.dispatchPaused, intakeOpen: !settings.intakePaused, waiting };
  }),

  onEvent: user
    .input(
      z
        .object({
          lastEventId: z
            .string()
            .regex(/^\d{1,15}$/)
            .nullish(),
        })
        .prefault({}),
    )
    .subscription(({ ctx, input, signal }) =>
      amongFew(ctx.subscriptions, () =>
        feed(
          ctx.deps,
          ctx.actor,
          input.lastEventId ? Number(input.lastEventId) : null,
          signal ?? new AbortController().signal,
        ),
      ),
    ),

  /** What its worker shows of the picture that it renders, for as long as somebody looks: as `data:` addresses, the newest only. */
  onPreview: user.input(z.object({ id })).subscription(async ({ ctx, input, signal }) => {
    const { deps, actor, operator, unreadBytes } = ctx;
    const job = await ownJob(deps.jobs, actor, input.id);
    const viewer = { userId: (operator ?? actor).userId, unreadBytes };
    return amongFew(ctx.subscriptions, async function* () {
      const pictures = deps.livePreviews.watch(viewer, job.id, signal ?? new AbortController().signal);
      for await (const { nodeId, mime, bytes } of pictures)
        yield { nodeId, url: `data:${mime};base64,${Buffer.from(bytes).toString('base64')}` };
    });
  }),
});
