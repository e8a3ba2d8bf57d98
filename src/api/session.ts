import { z } from 'zod';
import { AppError } from '#src/domain/errors.ts';
import { SCOPES } from '#src/domain/users/token-scope.ts';
import { MAX_TOKENS, password, userName } from '#src/domain/users/user.ts';
import type { Log } from '#src/ports/log.ts';
import type { Clock, Random } from '#src/ports/random.ts';
import type { SettingStore } from '#src/ports/settings.ts';
import type { UserStore } from '#src/ports/users.ts';
import { changePassword } from '#src/services/session/change-password.ts';
import { joinClass } from '#src/services/session/join-class.ts';
import { signIn } from '#src/services/session/sign-in.ts';
import { presentToken } from './present-token.ts';
import { id, onlyHerself, ownProcedure, publicProcedure, router, seeing, userProcedure } from './trpc.ts';
import type { UserView } from './views.ts';

export type SessionDeps = Parameters<typeof changePassword>[0] &
  Parameters<typeof joinClass>[0] &
  Parameters<typeof signIn>[0] & {
    about: { demo: boolean; version: string; publicUrl: string | null };
    clock: Clock;
    log: Log;
    random: Random;
    settings: SettingStore;
    users: UserStore;
  };

const anybody = publicProcedure.use(seeing((deps): SessionDeps => deps));
const user = userProcedure.use(seeing((deps): SessionDeps => deps));
const own = ownProcedure.use(seeing((deps): SessionDeps => deps));

const DAY_MS = 86_400_000;
const DEFAULT_TOKEN_DAYS = 90;
const credentials = z.object({ name: z.string().max(200), password: z.string().max(1000) });

export const session = router({
  info: anybody.query(async ({ ctx }) => {
    const { bannerDetail } = await ctx.deps.settings.read();
    return { ...ctx.deps.about, comfyuiUrl: ctx.comfyuiUrl, bannerDetail };
  }),

  /** `operator`: who looks through the user's eyes just now. */
  me: anybody.query(
    async ({ ctx }): Promise<{ user: UserView; operator: string | null; classTitle: string } | null> =>
      ctx.actor && {
        user: { id: ctx.actor.userId, name: ctx.actor.name, role: ctx.actor.role },
        operator: ctx.operator?.name ?? null,
        classTitle: (await ctx.deps.settings.read()).classTitle,
      },
  ),

  login: anybody.input(credentials).mutation(async ({ ctx, input }): Promise<{ user: UserView }> => {
    if (!ctx.setSession)
      throw new AppError('invalid_input', 'Sign in over HTTP at the gallery’s address, not over a socket.');
    const { user, token, expiresAt, device } = await signIn(ctx.deps, {
      ...input,
      caller: { address: ctx.address, device: ctx.device },
      previousSessionId: ctx.sessionId,
    });
    ctx.setSession({ token, expiresAt }, device);
    ctx.deps.log.info({ user: user.id, address: ctx.address }, 'signed in');
    return { user: { id: user.id, name: user.name, role: user.role } };
  }),

  /** Makes an account for who knows the class code; the passphrase is told this once. */
  join: anybody
    .input(z.object({ code: z.string().min(1).max(50), name: userName }))
    .mutation(async ({ ctx, input }): Promise<{ user: UserView; passphrase: string }> => {
      if (!ctx.setSession)
        throw new AppError('invalid_input', 'Join over HTTP at the gallery’s address, not over a socket.');
      const { user, passphrase, session } = await joinClass(ctx.deps, {
        ...input,
        address: ctx.address,
        previousSessionId: ctx.sessionId,
      });
      ctx.setSession(session);
      ctx.deps.log.info({ user: user.id, address: ctx.address }, 'joined');
      return { user: { id: user.id, name: user.name, role: user.role }, passphrase };
    }),

  /** Ends looking through somebody's eyes. */
  lookBack: user.mutation(async ({ ctx }) => {
    if (!ctx.operator || !ctx.sessionId)
      throw new AppError('conflict', 'You are not viewing as another user: this is your own account.');
    await ctx.deps.users.turnSession(ctx.sessionId, ctx.operator.userId, null);
    return { ok: true };
  }),

  logout: user
    .input(z.object({ everywhere: z.boolean().default(false) }).prefault({}))
    .mutation(async ({ ctx, input }) => {
      if (input.everywhere && ctx.operator) throw onlyHerself(ctx.actor);
      if (input.everywhere) await ctx.deps.users.closeSessions(ctx.actor.userId);
      else if (ctx.sessionId) await ctx.deps.users.closeSession(ctx.sessionId);
      ctx.setSession?.(null);
      return { ok: true };
    }),

  changePassword: own
    .input(z.object({ current: z.string().max(1000), next: password }))
    .mutation(async ({ ctx, input }) => {
      await changePassword(ctx.deps, ctx.actor, {
        ...input,
        sessionId: ctx.sessionId,
        caller: { address: ctx.address, device: ctx.device },
      });
      return { ok: true };
    }),

  tokens: user.query(async ({ ctx }) => {
    const tokens = await ctx.deps.users.tokens(ctx.actor.userId);
    return tokens.map(presentToken);
  }),

  /** Not by a token: one that was stolen must not outlive being revoked. `days` null = it goes on until it is revoked. */
  createToken: own
    .input(
      z.object({
        name: z.string().trim().min(1).max(100),
        scope: z.enum(SCOPES).default('all'),
        days: z.number().int().min(1).max(366).nullable().default(DEFAULT_TOKEN_DAYS),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const { users, random, clock } = ctx.deps;
      if (ctx.scope !== null)
        throw new AppError(
          'forbidden',
          'A token cannot create tokens. Sign in with a browser and create it under Account.',
        );
      const { token, hash } = random.token();
      const tokenId = random.id();
      const added = await users.addToken({
        id: tokenId,
        tokenHash: hash,
        name: input.name,
        userId: ctx.actor.userId,
        scope: input.scope,
        now: clock.now(),
        expiresAt: input.days === null ? null : clock.now() + input.days * DAY_MS,
      });
      if (!added) throw new AppError('conflict', `You have ${MAX_TOKENS} tokens. Revoke one that you no longer need.`);
      return { id: tokenId, name: input.name, token };
    }),

  revokeToken: own.input(z.object({ id })).mutation(async ({ ctx, input }) => {
    if (!(await ctx.deps.users.revokeToken(ctx.actor.userId, input.id)))
      throw new AppError('not_found', 'Token not found.');
    return { ok: true };
  }),
});
