import { z } from 'zod';

/** How often a fault strikes: with this probability, and at most `count` times (null: no limit). */
const often = {
  probability: z.number().min(0).max(1).default(1),
  count: z.int().min(0).nullable().default(null),
};
/** `prompt` is a POST of a prompt; the others are every request below that path. */
const aboutRequest = {
  ...often,
  only: z.enum(['all', 'prompt', 'history', 'jobs', 'queue', 'interrupt']).default('all'),
};

const gatewayStatus = z.literal([403, 404, 429, 502, 503, 504]);
export type GatewayStatus = z.infer<typeof gatewayStatus>;

const requestFaultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('answer'),
    status: gatewayStatus,
    /** Seconds or a date, as it stands in the header. */
    retryAfter: z.string().nullable().default(null),
    ...aboutRequest,
  }),
  z.strictObject({
    kind: z.literal('redirect'),
    status: z.literal([301, 302, 307, 308]).default(302),
    to: z.string().default('/login'),
    ...aboutRequest,
  }),
  z.strictObject({ kind: z.literal('cutAfterAccept'), ...aboutRequest }),
  z.strictObject({ kind: z.literal('timeoutAfterAccept'), ...aboutRequest }),
  z.strictObject({ kind: z.literal('delay'), ms: z.number().min(0), ...aboutRequest }),
  z.strictObject({ kind: z.literal('truncate'), ...aboutRequest }),
  z.strictObject({ kind: z.literal('html'), ...aboutRequest }),
]);
export type RequestFault = z.infer<typeof requestFaultSchema>;

/** `class_type` null means any class. */
const atNode = { ...often, classType: z.string().nullable().default(null) };

const nodeFaultSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('kill'), ...atNode }),
  z.strictObject({ kind: z.literal('outOfMemory'), ...atNode }),
  /** Waits at the start of the node until the fault is removed; an interrupt ends it too. */
  z.strictObject({ kind: z.literal('hold'), ...atNode }),
  z.strictObject({ kind: z.literal('killMidFile'), afterBytes: z.int().min(0), ...atNode }),
  z.strictObject({ kind: z.literal('diskFull'), ...atNode }),
]);
export type NodeFault = z.infer<typeof nodeFaultSchema>;

export const faultsSchema = z.strictObject({
  /** Applied by the balancer; the first that matches a request is used. */
  requests: z.array(requestFaultSchema).default([]),
  /** The balancer's port is closed: connections are refused. */
  refuseConnections: z.boolean().default(false),
  coldStartHangs: z.boolean().default(false),
  /** While this is on, prompts are accepted and stay pending. */
  swallow: z.boolean().default(false),
  /** Added to every node start and every sampler step. */
  slowByMs: z.number().min(0).default(0),
  nodes: z.array(nodeFaultSchema).default([]),
  /** `occupy`: an open WebSocket takes the only place of its replica, so that requests need, and start, another one. */
  webSockets: z.enum(['pass', 'refuse', 'occupy']).default('pass'),
});
export type Faults = z.infer<typeof faultsSchema>;
export const faultsPatchSchema = z.strictObject({
  requests: faultsSchema.shape.requests.unwrap().optional(),
  refuseConnections: z.boolean().optional(),
  coldStartHangs: z.boolean().optional(),
  swallow: z.boolean().optional(),
  slowByMs: z.number().min(0).optional(),
  nodes: faultsSchema.shape.nodes.unwrap().optional(),
  webSockets: faultsSchema.shape.webSockets.unwrap().optional(),
});
export type FaultsPatch = z.input<typeof faultsPatchSchema>;

export const noFaults: Faults = faultsSchema.parse({});

/** Decides whether a fault strikes now, and uses up one of its count if so. */
export function strike(fault: { probability: number; count: number | null }, random: () => number): boolean {
  if (fault.count === 0 || random() >= fault.probability) return false;
  if (fault.count !== null) fault.count -= 1;
  return true;
}
