import { z } from 'zod';
import { AppError } from '#src/domain/errors.ts';
import { presentToken } from '../present-token.ts';
import { id, operatorProcedure, router } from '../trpc.ts';

export const tokens = router({
  /** Everybody's, newest first. */
  list: operatorProcedure.query(async ({ ctx }) =>
    (await ctx.deps.users.allTokens()).map((token) => ({ ...presentToken(token), user: token.user })),
  ),
  revoke: operatorProcedure.input(z.object({ id })).mutation(async ({ ctx, input }) => {
    if (!(await ctx.deps.users.revokeToken(null, input.id))) throw new AppError('not_found', 'Token not found.');
    return { ok: true };
  }),
});
