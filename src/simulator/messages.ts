import { z } from 'zod';
import { faultsSchema } from './faults.ts';

/** What a replica process sends to the fleet over IPC. */
export const fromReplicaSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), port: z.int() }),
  z.object({ type: z.literal('queue'), running: z.string().nullable(), pending: z.array(z.string()) }),
  z.object({ type: z.literal('ended'), promptId: z.string(), outcome: z.enum(['success', 'error', 'interrupted']) }),
  /** Asks whether the fault with this index may strike. The fleet counts for all replicas. */
  z.object({ type: z.literal('claim'), id: z.int(), fault: z.int(), kind: z.string() }),
]);
export type FromReplica = z.infer<typeof fromReplicaSchema>;

export const toReplicaSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('faults'), faults: faultsSchema }),
  z.object({ type: z.literal('claimed'), id: z.int(), granted: z.boolean() }),
  z.object({ type: z.literal('update'), update: z.int() }),
]);
export type ToReplica = z.infer<typeof toReplicaSchema>;
