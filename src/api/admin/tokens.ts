import { z } from 'zod';
import { AppError } from '#src/domain/errors.ts';
import type { UserStore } from '#src/ports/users.ts';
import { presentToken } from '../present-token.ts';
import { id, operatorProcedure, router, seeing } from '../trpc.ts';

export type AdminTokensDeps = {
  users: UserStore;
};

const operator = operatorProcedure.use(seeing((deps): AdminTokensDeps => deps));

export const tokens = router({
  /** Everybody's, newest first. */
  list: operator.query(async ({ ctx }) =>
    (await ctx.deps.users.allTokens()).map((token) => ({ ...presentToken(token), user: token.user })),
  ),
  revoke: operator.input(z.object({ id })).mutation(async ({ ctx, input }) => {
    if (!(await ctx.deps.users.revokeToken(null, input.id))) throw new AppError('not_found', 'Token not found.');
    return { ok: true };
  }),
});
