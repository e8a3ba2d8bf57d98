import { z } from 'zod';
import { AppError } from '#src/domain/errors.ts';
import { password } from '#src/domain/user.ts';
import { changePassword } from '#src/services/session/change-password.ts';
import { signIn } from '#src/services/session/sign-in.ts';
import { id, publicProcedure, router, userProcedure } from './trpc.ts';
import type { UserView } from './views.ts';

const credentials = z.object({ name: z.string().max(200), password: z.string().max(1000) });

export const session = router({
  info: publicProcedure.query(async ({ ctx }) => {
    const { bannerDetail } = await ctx.deps.settings.read();
    return { ...ctx.deps.about, bannerDetail };
  }),

  me: publicProcedure.query(({ ctx }): { user: UserView } | null =>
    ctx.actor ? { user: { id: ctx.actor.userId, name: ctx.actor.name, role: ctx.actor.role } } : null,
  ),

  login: publicProcedure.input(credentials).mutation(async ({ ctx, input }): Promise<{ user: UserView }> => {
    if (!ctx.setSession) throw new AppError('invalid_input', 'Sign in over HTTP, not over a socket.');
    const { user, token, expiresAt } = await signIn(ctx.deps, { ...input, address: ctx.address });
    ctx.setSession({ token, expiresAt });
    return { user: { id: user.id, name: user.name, role: user.role } };
  }),

  logout: userProcedure
    .input(z.object({ everywhere: z.boolean().default(false) }).prefault({}))
    .mutation(async ({ ctx, input }) => {
      if (input.everywhere) await ctx.deps.users.closeSessions(ctx.actor.userId);
      else if (ctx.sessionId) await ctx.deps.users.closeSession(ctx.sessionId);
      ctx.setSession?.(null);
      return { ok: true };
    }),

  changePassword: userProcedure
    .input(z.object({ current: z.string().max(1000), next: password }))
    .mutation(async ({ ctx, input }) => {
      await changePassword(ctx.deps, ctx.actor, { ...input, sessionId: ctx.sessionId });
      return { ok: true };
    }),

  tokens: userProcedure.query(async ({ ctx }) => {
    const tokens = await ctx.deps.users.tokens(ctx.actor.userId);
    return tokens.map((token) => ({
      id: token.id,
      name: token.name,
      createdAt: new Date(token.createdAt).toISOString(),
      lastUsedAt: token.lastUsedAt === null ? null : new Date(token.lastUsedAt).toISOString(),
    }));
  }),

  createToken: userProcedure
    .input(z.object({ name: z.string().trim().min(1).max(100) }))
    .mutation(async ({ ctx, input }) => {
      const { users, random, clock } = ctx.deps;
      const { token, hash } = random.token();
      const tokenId = random.id();
      await users.addToken({
        id: tokenId,
        tokenHash: hash,
        name: input.name,
        userId: ctx.actor.userId,
        now: clock.now(),
      });
      return { id: tokenId, name: input.name, token };
    }),

  revokeToken: userProcedure.input(z.object({ id })).mutation(async ({ ctx, input }) => {
    if (!(await ctx.deps.users.revokeToken(ctx.actor.userId, input.id)))
      throw new AppError('not_found', 'There is no such token.');
    return { ok: true };
  }),
});
