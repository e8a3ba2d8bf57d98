import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { Plan } from '#src/domain/workflow/rewrite.ts';

const plan: z.ZodType<Plan> = z.object({
  folder: z.string(),
  saves: z.array(
    z.object({
      nodeId: z.string(),
      senderId: z.string().optional(),
      // Plans of earlier versions do not have these two.
      classType: z.string().default(''),
      isPreview: z.boolean().default(false),
      dir: z.string(),
      marker: z.string().nullable(),
    }),
  ),
  markerNodes: z.record(z.string(), z.string()),
  texts: z.array(z.object({ nodeId: z.string(), classType: z.string() })).optional(),
});

/** Attempts in flight are read again and again, and a plan of 2,000 save nodes takes 25 ms to check. */
const known = new LRUCache<string, Plan>({ maxSize: 4_000_000, sizeCalculation: (_, text) => text.length });

export function toPlan(text: string): Plan {
  const before = known.get(text);
  if (before) return before;
  const made = plan.parse(JSON.parse(text));
  known.set(text, made);
  return made;
}
