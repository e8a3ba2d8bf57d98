import { z } from 'zod';
import { AppError } from '#src/domain/errors.ts';
import type { JoinCode, JoinCodes } from '#src/ports/classes.ts';
import type { Clock } from '#src/ports/random.ts';
import { openClass } from '#src/services/participants/open-class.ts';
import { removeJoined } from '#src/services/participants/remove-joined.ts';
import { id, operatorProcedure, router, seeing } from '../trpc.ts';

export type AdminJoinCodesDeps = Parameters<typeof openClass>[0] &
  Parameters<typeof removeJoined>[0] & {
    clock: Clock;
    joinCodes: JoinCodes;
  };

const operator = operatorProcedure.use(seeing((deps): AdminJoinCodesDeps => deps));

const WEEK_MINUTES = 7 * 24 * 60;

const present = ({ id, code, seats, taken, createdAt, expiresAt, closedAt }: JoinCode) => ({
  id,
  code,
  seats,
  taken,
  createdAt: new Date(createdAt).toISOString(),
  expiresAt: new Date(expiresAt).toISOString(),
  closedAt: closedAt === null ? null : new Date(closedAt).toISOString(),
});

export const joinCodes = router({
  list: operator.query(async ({ ctx }) => (await ctx.deps.joinCodes.list()).map(present)),
  open: operator
    .input(z.object({ seats: z.number().int().min(1).max(500), minutes: z.number().int().min(5).max(WEEK_MINUTES) }))
    .mutation(async ({ ctx, input }) => present(await openClass(ctx.deps, input))),
  close: operator.input(z.object({ id })).mutation(async ({ ctx, input }) => {
    if (!(await ctx.deps.joinCodes.close(input.id, ctx.deps.clock.now())))
      throw new AppError('not_found', 'Class code not found, or already closed.');
    return { ok: true };
  }),
  /** Closes it, and removes who joined by it and has sent no job. */
  removeJoined: operator
    .input(z.object({ id }))
    .mutation(({ ctx, input }) => removeJoined(ctx.deps, ctx.actor, input.id)),
});
