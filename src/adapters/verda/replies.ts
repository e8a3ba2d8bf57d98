import { z } from 'zod';
import type { PlatformReplicaState } from '#src/domain/endpoints/platform-deployment.ts';

/** What Verda answers, as far as it is used. New fields and new words may come at any time. */
export const token = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
  refresh_token: z.string().min(1).nullish(),
});

export const fault = z.object({ code: z.string().optional(), message: z.string().optional() });

export const deployments = z
  .array(
    z.object({
      name: z.string().min(1),
      endpoint_base_url: z.string(),
      is_spot: z.boolean().default(false),
      compute: z.object({ name: z.string(), size: z.number() }),
    }),
  )
  .transform((list) =>
    list.map(({ name, endpoint_base_url, is_spot, compute }) => ({
      name,
      url: endpoint_base_url,
      gpu: compute.name,
      gpus: compute.size,
      spot: is_spot,
    })),
  );

const count = z.number().int().min(0);
export const scaling = z
  .object({ min_replica_count: count, max_replica_count: count })
  .transform(({ min_replica_count, max_replica_count }) => ({ min: min_replica_count, max: max_replica_count }));

const STATES: Readonly<Record<string, PlatformReplicaState>> = {
  imagepulling: 'image_pulling',
  initializing: 'initializing',
  running: 'running',
  terminating: 'terminating',
  error: 'error',
  unavailable: 'unavailable',
};
const timeOf = (text: string): number | null => {
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time;
};

export const replicas = z
  .object({ list: z.array(z.object({ id: z.string(), status: z.string(), started_at: z.string().nullish() })) })
  .transform(({ list }) =>
    list.map(({ id, status, started_at }) => ({
      id,
      // A deployment's own state writes it `image_pulling`.
      state: STATES[status.toLowerCase().replace(/[_-]/g, '')] ?? ('other' as const),
      startedAt: timeOf(started_at ?? ''),
    })),
  );

const price = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => {
    const number = value === null || value === undefined || value === '' ? Number.NaN : Number(value);
    return Number.isFinite(number) && number > 0 ? number : null;
  });
const word = z.string().nullish();
export const containerTypes = z
  .array(
    z.object({
      model: word,
      name: word,
      instance_type: word,
      gpu: z.object({ number_of_gpus: z.number() }).nullish(),
      serverless_price: price,
      serverless_spot_price: price,
    }),
  )
  .transform((types) =>
    types.map(({ model, name, instance_type, gpu, serverless_price, serverless_spot_price }) => ({
      names: [name, model, instance_type].flatMap((one) => one ?? []),
      gpus: gpu?.number_of_gpus ?? 1,
      onDemand: serverless_price,
      spot: serverless_spot_price,
    })),
  );

const MAX_EPOCH_MS = 1e14;
/** Written as a date or counted from 1970; which of the two, and in what unit, the descriptions leave open. */
const timestamp = z.union([z.string(), z.number()]).transform((value) => {
  if (typeof value === 'string' && !/^\d+$/.test(value)) return timeOf(value);
  let time = Number(value);
  while (time > MAX_EPOCH_MS) time /= 1000;
  return Math.floor(time);
});
const dated = <Line extends { at: number | null }>(lines: Line[]) =>
  lines.flatMap((line) => (line.at === null ? [] : [{ ...line, at: line.at }]));

export const logLines = z
  .array(z.object({ timestamp, replica: z.string().nullish(), message: z.string() }))
  .transform((lines) =>
    dated(lines.map(({ timestamp: at, replica, message }) => ({ at, replica: replica ?? '', message }))),
  );

export const systemLines = z
  .array(z.object({ timestamp, reason: word, message: word, involved_object: word }))
  .transform((lines) =>
    dated(
      lines.map(({ timestamp: at, reason, message, involved_object }) => ({
        at,
        reason: reason ?? '',
        message: message ?? '',
        object: involved_object ?? '',
      })),
    ),
  );
