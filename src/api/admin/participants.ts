import { z } from 'zod';
import { ROLES, userName } from '#src/domain/users/user.ts';
import type { ListedUser, Presence, UserStore } from '#src/ports/users.ts';
import { createParticipants } from '#src/services/participants/create-participants.ts';
import { deleteParticipant } from '#src/services/participants/delete-participant.ts';
import { renameParticipant } from '#src/services/participants/rename-participant.ts';
import { resetPassphrase } from '#src/services/participants/reset-passphrase.ts';
import { restoreParticipant } from '#src/services/participants/restore-participant.ts';
import { setCaps } from '#src/services/participants/set-caps.ts';
import { setComfyui } from '#src/services/participants/set-comfyui.ts';
import { setEnabled } from '#src/services/participants/set-enabled.ts';
import { setRole } from '#src/services/participants/set-role.ts';
import { lookAs } from '#src/services/session/look-as.ts';
import { id, operatorProcedure, router, seeing } from '../trpc.ts';

export type AdminParticipantsDeps = Parameters<typeof createParticipants>[0] &
  Parameters<typeof deleteParticipant>[0] &
  Parameters<typeof lookAs>[0] &
  Parameters<typeof renameParticipant>[0] &
  Parameters<typeof resetPassphrase>[0] &
  Parameters<typeof restoreParticipant>[0] &
  Parameters<typeof setCaps>[0] &
  Parameters<typeof setComfyui>[0] &
  Parameters<typeof setEnabled>[0] &
  Parameters<typeof setRole>[0] & {
    presence: Presence;
    users: UserStore;
  };

const operator = operatorProcedure.use(seeing((deps): AdminParticipantsDeps => deps));

const waitingCap = z.number().int().min(1).max(10_000).nullable();
const inFlightCap = z.number().int().min(1).max(100).nullable();
const caps = z.object({ waitingCap, inFlightCap });
const newcomer = z.union([
  userName.transform((name) => ({ name })),
  z
    .object({ name: userName, waitingCap: waitingCap.default(null), inFlightCap: inFlightCap.default(null) })
    .transform(({ name, ...caps }) => ({ name, caps })),
]);

const present = (user: ListedUser) => ({
  id: user.id,
  name: user.name,
  role: user.role,
  folder: user.folder,
  enabled: user.enabled,
  comfyui: user.comfyui,
  waitingCap: user.waitingCap,
  inFlightCap: user.inFlightCap,
  joinedBy: user.joinedBy,
  createdAt: new Date(user.createdAt).toISOString(),
  lastSeenAt: user.lastSeenAt === null ? null : new Date(user.lastSeenAt).toISOString(),
  jobs: user.jobs,
  results: user.results,
  bytes: user.bytes,
  gpuMs: user.gpuMs,
});

const done = { ok: true };

export const participants = router({
  list: operator.query(async ({ ctx }) => {
    const users = await ctx.deps.users.roster('here');
    return users.map((user) => ({ ...present(user), tabs: ctx.deps.presence.tabs(user.id) }));
  }),
  /** Those whose accounts are closed and whose work was kept. */
  left: operator.query(async ({ ctx }) => {
    const users = await ctx.deps.users.roster('left');
    return users.map((user) => ({
      ...present(user),
      leftAt: user.leftAt === null ? null : new Date(user.leftAt).toISOString(),
    }));
  }),
  create: operator
    .input(z.object({ names: z.array(newcomer).min(1).max(200) }))
    .mutation(({ ctx, input }) => createParticipants(ctx.deps, input.names)),
  setEnabled: operator.input(z.object({ id, enabled: z.boolean() })).mutation(async ({ ctx, input }) => {
    await setEnabled(ctx.deps, ctx.actor, input);
    return done;
  }),
  setComfyui: operator.input(z.object({ id, on: z.boolean() })).mutation(async ({ ctx, input }) => {
    await setComfyui(ctx.deps, input);
    return done;
  }),
  resetPassphrase: operator.input(z.object({ id })).mutation(({ ctx, input }) => resetPassphrase(ctx.deps, input.id)),
  setRole: operator.input(z.object({ id, role: z.enum(ROLES) })).mutation(async ({ ctx, input }) => {
    await setRole(ctx.deps, ctx.actor, input);
    return done;
  }),
  setCaps: operator.input(caps.extend({ id })).mutation(async ({ ctx, input: { id, ...caps } }) => {
    await setCaps(ctx.deps, id, caps);
    return done;
  }),
  rename: operator.input(z.object({ id, name: userName })).mutation(async ({ ctx, input }) => {
    await renameParticipant(ctx.deps, input);
    return done;
  }),
  /** The name is free afterwards. Unless the files were deleted too, `restore` brings the account back. */
  delete: operator.input(z.object({ id, withWork: z.boolean() })).mutation(async ({ ctx, input }) => {
    await deleteParticipant(ctx.deps, ctx.actor, input);
    return done;
  }),
  restore: operator.input(z.object({ id, name: userName.optional() })).mutation(async ({ ctx, input }) => {
    await restoreParticipant(ctx.deps, input);
    return done;
  }),
  /** From now on this session is the participant's, until `session.lookBack`. */
  lookAs: operator.input(z.object({ id })).mutation(async ({ ctx, input }) => {
    await lookAs(ctx.deps, ctx.actor, { id: input.id, sessionId: ctx.sessionId });
    return done;
  }),
});
