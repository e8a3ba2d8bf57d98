import { z } from 'zod';
import { userName } from '#src/domain/user.ts';
import { createParticipants } from '#src/services/participants/create-participants.ts';
import { resetPassphrase } from '#src/services/participants/reset-passphrase.ts';
import { setEnabled } from '#src/services/participants/set-enabled.ts';
import { id, operatorProcedure, router } from '../trpc.ts';

export const participants = router({
  list: operatorProcedure.query(async ({ ctx }) => {
    const users = await ctx.deps.users.list();
    return users.map((user) => ({
      id: user.id,
      name: user.name,
      role: user.role,
      folder: user.folder,
      enabled: user.enabled,
      createdAt: new Date(user.createdAt).toISOString(),
      lastSeenAt: user.lastSeenAt === null ? null : new Date(user.lastSeenAt).toISOString(),
      jobs: user.jobs,
    }));
  }),
  create: operatorProcedure
    .input(z.object({ names: z.array(userName).min(1).max(200) }))
    .mutation(({ ctx, input }) => createParticipants(ctx.deps, input.names)),
  setEnabled: operatorProcedure.input(z.object({ id, enabled: z.boolean() })).mutation(async ({ ctx, input }) => {
    await setEnabled(ctx.deps, ctx.actor, input);
    return { ok: true };
  }),
  resetPassphrase: operatorProcedure
    .input(z.object({ id }))
    .mutation(({ ctx, input }) => resetPassphrase(ctx.deps, input.id)),
});
