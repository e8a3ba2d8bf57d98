import { z } from 'zod';

export const MAX_ANNOUNCED = 200;

/** What operators tell everybody just now. Times in epoch ms. */
export const announcement = z.object({
  text: z.string().max(MAX_ANNOUNCED),
  /** It ends by itself then; null = when an operator ends it. */
  until: z.number().nullable(),
  /** Everybody sees how long it is until then. */
  countdown: z.boolean(),
  /** Nothing is sent to GPUs meanwhile, and everybody is asked to look up. */
  eyesOnMe: z.boolean(),
  /** A handed-out workflow that every ComfyUI tab opens. */
  workflow: z.object({ id: z.string(), openedAt: z.number() }).nullable(),
});
export type Announcement = z.infer<typeof announcement>;

/** What is still told at `now`. */
export const lastingAt = (announcement: Announcement | null, now: number): Announcement | null =>
  announcement === null || (announcement.until !== null && announcement.until <= now) ? null : announcement;
