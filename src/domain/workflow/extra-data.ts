import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { Warning } from '../warning.ts';
import { parseGraphJson, toGraphJson } from './graph-json.ts';

const MAX_BYTES = 16 * 1024;
const MAX_NAMED = 5;
/** What we tell the worker ourselves. */
const OURS: ReadonlySet<string> = new Set(['extra_pnginfo', 'client_id', 'create_time']);

export const extraDataKey = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'should be a name of letters, digits and _')
  .refine((key) => !OURS.has(key), 'is given to workers by comfyume itself');

const shape = z.record(z.string(), z.unknown());

/** What was stored of it. */
export const readExtraData = (stored: string): Readonly<Record<string, unknown>> => shape.parse(parseGraphJson(stored));

/** What of a submission's `extra_data` goes to the worker, and what has to be said about the rest. Values may be secrets: no sentence holds one. */
export function allowedExtraData(
  given: Readonly<Record<string, unknown>>,
  allowed: readonly string[],
): { text: string | null; warnings: Warning[] } {
  const keys = Object.keys(given);
  const passed = keys.filter((key) => allowed.includes(key));
  const dropped = keys.filter((key) => !allowed.includes(key));
  const text = passed.length === 0 ? null : toGraphJson(Object.fromEntries(passed.map((key) => [key, given[key]])));
  if (text !== null && Buffer.byteLength(text) > MAX_BYTES)
    throw new AppError('too_large', `extra_data has more than ${MAX_BYTES / 1024} KiB, the limit.`);
  const named = dropped.slice(0, MAX_NAMED).map((key) => `“${key.slice(0, 64)}”`);
  const more = dropped.length > named.length ? ` and ${dropped.length - named.length} more` : '';
  const message = `extra_data: ${named.join(', ')}${more} not passed on to the GPU: not allowed in the settings.`;
  return { text, warnings: dropped.length === 0 ? [] : [{ nodeId: '', classType: '', message }] };
}
