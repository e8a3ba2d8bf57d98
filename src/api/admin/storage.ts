import { z } from 'zod';
import { AppError } from '#src/domain/errors.ts';
import { REQUEST } from '#src/domain/request-bounds.ts';
import { parseGraphJson } from '#src/domain/workflow/graph-json.ts';
import { checkModels, neededModels } from '#src/domain/workflow/needed-models.ts';
import { parseGraph } from '#src/domain/workflow/parse-graph.ts';
import type { WorkflowStore } from '#src/ports/classes.ts';
import type { HealthFindings, Reserve, SystemCheck } from '#src/ports/health.ts';
import type { Clock } from '#src/ports/random.ts';
import type { ResultStore } from '#src/ports/results.ts';
import type { IgnoredOrphans, ModelFolder } from '#src/ports/share.ts';
import type { UserStore } from '#src/ports/users.ts';
import { assignOrphanedFiles } from '#src/services/storage/assign-orphaned-files.ts';
import { cleanUp, planCleanUp } from '#src/services/storage/clean-up.ts';
import { listOrphanedFiles } from '#src/services/storage/list-orphaned-files.ts';
import { id, operatorProcedure, router, seeing } from '../trpc.ts';

export type AdminStorageDeps = Parameters<typeof cleanUp>[0] &
  Parameters<typeof assignOrphanedFiles>[0] &
  Parameters<typeof listOrphanedFiles>[0] &
  Parameters<typeof planCleanUp>[0] & {
    clock: Clock;
    ignoredOrphans: IgnoredOrphans;
    modelFolder: ModelFolder;
    reserve: Reserve;
    results: ResultStore;
    systemCheck: SystemCheck;
    users: UserStore;
    workflows: WorkflowStore;
  };

const operator = operatorProcedure.use(seeing((deps): AdminStorageDeps => deps));

const paths = z.array(z.string().min(1).max(4000)).min(1).max(2000);
const iso = (time: number): string => new Date(time).toISOString();
const present = ({ at, findings }: HealthFindings) => ({ at: iso(at), findings });

export const storage = router({
  /** What was found by the last system check. */
  findings: operator.query(async ({ ctx }) => present(await ctx.deps.systemCheck.found())),
  /** Looks at them now: changes nothing, and starts no GPU. */
  look: operator.mutation(async ({ ctx }) => present(await ctx.deps.systemCheck.check())),
  /** Frees what the database's disk can spare, also when nothing can be written there. */
  makeRoom: operator.mutation(async ({ ctx }) => ({ bytes: await ctx.deps.reserve.release() })),
  rooms: operator.query(({ ctx }) => ctx.deps.systemCheck.rooms()),
  /** Looks through the whole share: only when an operator asks. */
  strays: operator.query(async ({ ctx }) => {
    const { strays, more } = await listOrphanedFiles(ctx.deps);
    return {
      more,
      strays: strays.map(({ changedAt, ...stray }) => ({ ...stray, changedAt: iso(changedAt) })),
    };
  }),
  setIgnored: operator
    .meta({ maxBytes: REQUEST.listBytes })
    .input(z.object({ paths, ignored: z.boolean() }))
    .mutation(async ({ ctx: { deps }, input }) => {
      await deps.ignoredOrphans.set(input.paths, input.ignored, deps.clock.now());
      return { ok: true };
    }),
  give: operator
    .meta({ maxBytes: REQUEST.listBytes })
    .input(z.object({ id, paths }))
    .mutation(({ ctx, input }) => assignOrphanedFiles(ctx.deps, ctx.actor, { paths: input.paths, userId: input.id })),
  models: operator.query(({ ctx }) => ctx.deps.modelFolder.list()),
  /** What a handed-out workflow loads, and whether it is there. */
  needs: operator.input(z.object({ id })).query(async ({ ctx: { deps }, input }) => {
    const workflow = await deps.workflows.find(input.id);
    if (!workflow) throw new AppError('not_found', 'Workflow not found.');
    if (workflow.prompt === null)
      throw new AppError('conflict', `"${workflow.name}" has no API format, so its models are unknown.`);
    const { files } = await deps.modelFolder.list();
    return checkModels(neededModels(parseGraph(parseGraphJson(workflow.prompt))), files ?? []);
  }),
  /** What cleaning up would move to the trash now. */
  cleanUpPreview: operator.query(async ({ ctx: { deps } }) => {
    const [plan, users] = await Promise.all([planCleanUp(deps), deps.users.list()]);
    return [...plan].map(([userId, going]) => ({
      id: userId,
      name: users.find((user) => user.id === userId)?.name ?? '',
      files: going.length,
      bytes: going.reduce((sum, { bytes }) => sum + bytes, 0),
      oldest: iso(going[0]?.deliveredAt ?? 0),
      newest: iso(going.at(-1)?.deliveredAt ?? 0),
    }));
  }),
  cleanUp: operator.mutation(({ ctx }) => cleanUp(ctx.deps)),
  /** Restores all that one cleaning up has moved to the trash. */
  undoCleanUp: operator
    .input(z.object({ at: z.number().int().positive() }))
    .mutation(async ({ ctx, input }) => ({ files: await ctx.deps.results.restore(input.at) })),
  /** What everybody has to download. */
  people: operator.query(async ({ ctx: { deps } }) => {
    const [here, left, sizes] = await Promise.all([deps.users.list(), deps.users.roster('left'), deps.results.sizes()]);
    return [...here, ...left].flatMap(({ id: userId, name, role, leftAt }) => {
      const size = sizes.get(userId);
      return size || (role === 'participant' && leftAt === null)
        ? [{ id: userId, name, left: leftAt !== null, files: size?.files ?? 0, bytes: size?.bytes ?? 0 }]
        : [];
    });
  }),
});
