import { z } from 'zod';
import { browserName, LOG_LEVELS, LOG_SOURCES, MAX_ENTRIES, redact, safeEntry } from './browser-log.ts';

const MAX_BROWSER_LENGTH = 100;

/** As a browser calls itself, or as somebody names it. */
const browser = z
  .string()
  .transform((text) => (text.startsWith('Mozilla/') ? browserName(text) : redact(text).slice(0, MAX_BROWSER_LENGTH)));

/** What a browser sends. Texts that are too long are cut, not refused; secrets are taken out, whether or not the sender did. */
export const browserLogBatch = z.object({
  source: z.enum(LOG_SOURCES),
  browser,
  entries: z
    .array(
      z
        .object({
          level: z.enum(LOG_LEVELS),
          message: z.string(),
          stack: z.string().nullish(),
          page: z.string(),
          at: z.iso.datetime(),
          count: z.number().int().min(1).max(1_000_000).default(1),
        })
        .transform(safeEntry),
    )
    .min(1)
    .max(MAX_ENTRIES),
});
