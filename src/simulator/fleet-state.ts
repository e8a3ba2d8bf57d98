import { z } from 'zod';

const replicaStateSchema = z.object({
  id: z.string(),
  pid: z.int().nullable(),
  phase: z.enum(['starting', 'ready', 'gone']),
  running: z.string().nullable(),
  pending: z.array(z.string()),
  executed: z.array(
    /** `endedAt`: epoch ms. */
    z.object({ promptId: z.string(), outcome: z.enum(['success', 'error', 'interrupted']), endedAt: z.number() }),
  ),
});
export type ReplicaState = z.infer<typeof replicaStateSchema>;

export const fleetStateSchema = z.object({
  /** All replicas there ever were; those that are gone keep what they were doing. */
  replicas: z.array(replicaStateSchema),
  /** Answers the balancer gave, by "METHOD /route" and status; "cut" where it gave none. */
  requests: z.record(z.string(), z.record(z.string(), z.int())),
  held: z.int(),
});
export type FleetState = z.infer<typeof fleetStateSchema>;
