import { z } from 'zod';
import { AppError } from '#src/domain/errors.ts';
import type { Endpoint } from '#src/ports/endpoints.ts';
import { id, operatorProcedure, router } from '../trpc.ts';

const endpointInput = z.object({
  name: z.string().trim().min(1).max(60),
  url: z.url({ protocol: /^https?$/ }),
  gpu: z.string().trim().max(60).default(''),
  pricing: z.enum(['spot', 'on-demand']).default('on-demand'),
  capacity: z.number().int().min(1).max(1000).default(1),
  apiKeyVariable: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .nullable()
    .default(null),
});

const iso = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());

const present = (
  { id, name, url, gpu, pricing, capacity, enabled }: Endpoint,
  inFlight: number,
  restsUntil: number | null,
) => ({
  id,
  name,
  url,
  gpu,
  pricing,
  capacity,
  enabled,
  inFlight,
  restsUntil: iso(restsUntil),
});

export const endpoints = router({
  list: operatorProcedure.query(async ({ ctx }) => {
    const [list, counts] = await Promise.all([ctx.deps.endpoints.list(), ctx.deps.jobs.counts()]);
    return list.map((endpoint) =>
      present(endpoint, counts.inFlightByEndpoint.get(endpoint.id) ?? 0, ctx.deps.breakers.restsUntil(endpoint.id)),
    );
  }),
  upsert: operatorProcedure
    .input(endpointInput)
    .mutation(async ({ ctx, input }) => present(await ctx.deps.endpoints.upsert(input, ctx.deps.clock.now()), 0, null)),
  setEnabled: operatorProcedure.input(z.object({ id, enabled: z.boolean() })).mutation(async ({ ctx, input }) => {
    if (!(await ctx.deps.endpoints.setEnabled(input.id, input.enabled)))
      throw new AppError('not_found', 'There is no such endpoint.');
    return { ok: true };
  }),
});
