import { z } from 'zod';

const replicaStateSchema = z.object({
  id: z.string(),
  pid: z.int().nullable(),
  phase: z.enum(['starting', 'ready', 'gone']),
  running: z.string().nullable(),
  pending: z.array(z.string()),
  executed: z.array(
    /** Times are epoch ms. */
    z.object({
      promptId: z.string(),
      outcome: z.enum(['success', 'error', 'interrupted']),
      startedAt: z.number(),
      endedAt: z.number(),
    }),
  ),
});
export type ReplicaState = z.infer<typeof replicaStateSchema>;

export const fleetStateSchema = z.object({
  /** All replicas so far; the state of a stopped one is what it was last doing. */
  replicas: z.array(replicaStateSchema),
  /** Responses of the balancer, by "METHOD /route" and status; "cut" where it sent none. */
  requests: z.record(z.string(), z.record(z.string(), z.int())),
  /** Requests that came while no replica was up or starting, and so started one, by "METHOD /route". */
  woke: z.record(z.string(), z.int()),
  /** Requests that wait for a replica, by "METHOD /route"; and all of them, WebSockets too. */
  waiting: z.record(z.string(), z.int()),
  held: z.int(),
});
export type FleetState = z.infer<typeof fleetStateSchema>;
