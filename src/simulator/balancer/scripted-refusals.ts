import { z } from 'zod';

const refusalSchema = z.object({
  status: z.int().min(200).max(599),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(''),
  times: z.int().min(0).default(1),
  key: z.string().default(''),
});
type Refusal = z.infer<typeof refusalSchema>;

const nodesSchema = z.object({
  prompt: z.record(z.string(), z.looseObject({ class_type: z.string(), inputs: z.unknown() })),
});

export const refusingClass = 'FakeHttp';

/** Responses that a graph requests with a node of class FakeHttp: a number of them per key, then the graph is forwarded. */
export class ScriptedRefusals {
  private readonly given = new Map<string, number>();

  next(body: Buffer): Refusal | null {
    if (!body.includes(refusingClass)) return null;
    for (const refusal of refusalsIn(body)) {
      const before = this.given.get(refusal.key) ?? 0;
      if (before >= refusal.times) continue;
      this.given.set(refusal.key, before + 1);
      return refusal;
    }
    return null;
  }
}

function refusalsIn(body: Buffer): Refusal[] {
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch {
    // The worker itself answers requests that are not JSON.
    return [];
  }
  const parsed = nodesSchema.safeParse(json);
  if (!parsed.success) return [];
  return Object.values(parsed.data.prompt).flatMap(({ class_type, inputs }) => {
    const refusal = class_type === refusingClass ? refusalSchema.safeParse(inputs) : null;
    return refusal?.success ? [refusal.data] : [];
  });
}
