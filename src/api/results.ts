import { z } from 'zod';
import { AppError } from '#src/domain/errors.ts';
import { HOUR_MS, RESULT_KINDS } from '#src/domain/file-facts.ts';
import { REQUEST } from '#src/domain/request-bounds.ts';
import { madeWith } from '#src/domain/workflow/generation-parameters.ts';
import { parseGraphJson } from '#src/domain/workflow/graph-json.ts';
import { parseGraph } from '#src/domain/workflow/parse-graph.ts';
import type { JobReader } from '#src/ports/jobs.ts';
import type { Clock } from '#src/ports/random.ts';
import type { ResultFilter, ResultStore } from '#src/ports/results.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import type { UserStore } from '#src/ports/users.ts';
import { keepPreview } from '#src/services/results/keep-preview.ts';
import { renameResult } from '#src/services/results/rename-result.ts';
import { presentResult } from './present.ts';
import { id, page, router, seeing, userProcedure } from './trpc.ts';

export type ResultsDeps = Parameters<typeof keepPreview>[0] & {
  clock: Clock;
  jobs: JobReader;
  results: ResultStore;
  settings: SettingStore;
  users: UserStore;
};

const user = userProcedure.use(seeing((deps): ResultsDeps => deps));

/** Of one call: whoever has chosen more calls again. */
const MAX_SELECTED = 10_000;

const name = z.string().min(1).max(500);
const instant = z.iso.datetime().transform((text) => Date.parse(text));

export const resultFilter = {
  jobId: id.optional(),
  familyId: id.optional(),
  inputId: id.optional(),
  kind: z.enum(RESULT_KINDS).optional(),
  favourite: z.literal(true).optional(),
  minRating: z.number().int().min(1).max(5).optional(),
  rejected: z.boolean().optional(),
  from: instant.optional(),
  to: instant.optional(),
  title: name.optional(),
  model: name.optional(),
  lora: name.optional(),
  seed: z
    .string()
    .regex(/^-?\d{1,20}$/)
    .optional(),
  words: z.string().max(200).optional(),
  removed: z.literal(true).optional(),
  previews: z.literal(true).optional(),
} satisfies Record<keyof ResultFilter, z.ZodType>;

const ids = z.array(id).min(1).max(MAX_SELECTED);
const selectionProcedure = user.meta({ maxBytes: REQUEST.listBytes });
const marks = z.object({
  favourite: z.boolean().optional(),
  rating: z.number().int().min(0).max(5).optional(),
  rejected: z.boolean().optional(),
});

/** Of the ids given only the caller's own count; when none is, there is nothing. */
const some = (changed: number, none = 'Result not found.'): { changed: number } => {
  if (changed === 0) throw new AppError('not_found', none);
  return { changed };
};

export const results = router({
  list: user.input(z.object({ ...page, ...resultFilter }).prefault({})).query(async ({ ctx, input }) => {
    const { limit, cursor, ...rest } = input;
    const { items, nextCursor } = await ctx.deps.results.list({
      userId: ctx.actor.userId,
      filter: rest,
      limit,
      cursor,
    });
    return { items: items.map(presentResult), nextCursor };
  }),

  count: user
    .input(z.object(resultFilter).prefault({}))
    .query(({ ctx, input }) => ctx.deps.results.count({ userId: ctx.actor.userId, filter: input })),

  /** How much there is to download. */
  size: user
    .input(z.object(resultFilter).prefault({}))
    .query(({ ctx, input }) => ctx.deps.results.size({ userId: ctx.actor.userId, filter: input })),

  /** What the caller's results can be narrowed down to. */
  choices: user.query(({ ctx }) => ctx.deps.results.choices(ctx.actor.userId)),

  /** What may have been meant by words that find nothing; null = nothing like them. */
  spelling: user
    .input(z.object({ words: resultFilter.words.unwrap() }))
    .query(({ ctx, input }) => ctx.deps.results.spelling({ userId: ctx.actor.userId, words: input.words })),

  get: user.input(z.object({ id })).query(async ({ ctx, input }) => {
    const result = await ctx.deps.results.find(input.id);
    if (!result || (result.userId !== ctx.actor.userId && ctx.actor.role !== 'operator'))
      throw new AppError('not_found', 'Result not found.');
    const [job, graph, gpuMs, { keepPreviewsHours }, owner] = await Promise.all([
      ctx.deps.jobs.find(result.jobId),
      ctx.deps.jobs.graph(result.jobId),
      ctx.deps.results.gpuMs(result.id),
      ctx.deps.settings.read(),
      ctx.deps.users.find(result.userId),
    ]);
    if (!job || !graph) throw new AppError('not_found', 'Result not found.');
    const { seed, ...made } = madeWith(parseGraph(parseGraphJson(graph.prompt)), result.nodeId);
    return {
      result: presentResult(result),
      owner: { id: result.userId, name: owner?.name ?? '' },
      job: {
        id: job.id,
        title: job.title,
        createdAt: new Date(job.createdAt).toISOString(),
        startedAt: job.startedAt === null ? null : new Date(job.startedAt).toISOString(),
        endedAt: job.endedAt === null ? null : new Date(job.endedAt).toISOString(),
      },
      madeWith: { ...made, seed: typeof seed === 'bigint' ? String(seed) : seed },
      gpuMs,
      hasWorkflow: graph.workflow !== null,
      /** When a preview is deleted; null for results. */
      expiresAt: result.preview ? new Date(result.deliveredAt + keepPreviewsHours * HOUR_MS).toISOString() : null,
    };
  }),

  /** The caller's own of these, as they are now. */
  some: selectionProcedure
    .input(z.object({ ids }))
    .query(async ({ ctx, input }) => (await ctx.deps.results.owned(ctx.actor.userId, input.ids)).map(presentResult)),

  setFavourite: user
    .input(z.object({ id, favourite: z.boolean() }))
    .mutation(async ({ ctx, input }) =>
      some(await ctx.deps.results.mark(ctx.actor.userId, [input.id], { favourite: input.favourite })),
    ),

  mark: selectionProcedure
    .input(marks.extend({ ids }))
    .mutation(async ({ ctx, input: { ids, ...marks } }) =>
      some(await ctx.deps.results.mark(ctx.actor.userId, ids, marks)),
    ),

  /** The ending stays; `null` gives it back the name that it came with. */
  rename: user
    .input(z.object({ id, name: z.string().max(500).nullable() }))
    .mutation(async ({ ctx, input }) => presentResult(await renameResult(ctx.deps, ctx.actor, input.id, input.name))),

  /** Moves to the trash; nothing is deleted before its time, and `restore` restores it until then. */
  remove: selectionProcedure
    .input(z.union([z.object({ ids }), z.object({ id }).transform(({ id }) => ({ ids: [id] }))]))
    .mutation(async ({ ctx, input }) =>
      some(await ctx.deps.results.trash(ctx.actor.userId, input.ids, ctx.deps.clock.now())),
    ),

  restore: selectionProcedure
    .input(z.object({ ids }))
    .mutation(async ({ ctx, input }) => some(await ctx.deps.results.trash(ctx.actor.userId, input.ids, null))),

  /** Makes a preview a result. What is one already stays as it is. */
  keep: user
    .input(z.object({ id }))
    .mutation(async ({ ctx, input }) => presentResult(await keepPreview(ctx.deps, ctx.actor, input.id))),

  /** Shows results to the class, or takes them back. */
  hang: selectionProcedure
    .input(z.object({ ids, onWall: z.boolean() }))
    .mutation(async ({ ctx, input }) =>
      some(
        await ctx.deps.results.hang(ctx.actor.userId, input.ids, input.onWall ? ctx.deps.clock.now() : null),
        'Result not found. Previews must be kept before they can be shown to the class.',
      ),
    ),
});
