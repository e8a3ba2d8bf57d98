import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { Warning } from '../warning.ts';
import { parseGraphJson, toGraphJson } from './graph-json.ts';

const MAX_BYTES = 16 * 1024;
const MAX_NAMED = 5;
/** What we tell the worker ourselves. */
const OURS: ReadonlySet<string> = new Set(['extra_pnginfo', 'client_id', 'create_time']);

/** Of somebody's Comfy account, which costs them money: never stored in clear. */
export const COMFY_KEYS: readonly string[] = ['api_key_comfy_org', 'auth_token_comfy_org'];
const isComfyKey = (key: string): boolean => COMFY_KEYS.includes(key);
/** In what is stored, beside the rest: no key that may be allowed begins like this. */
const SEALED = '_sealed';

export const extraDataKey = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'should be a name of letters, digits and _')
  .refine((key) => !OURS.has(key), 'is given to workers by comfyume itself');

export type ExtraData = Readonly<Record<string, unknown>>;
const shape = z.record(z.string(), z.unknown());
const isEmpty = (data: ExtraData): boolean => Object.keys(data).length === 0;

/** `seal` makes a text unreadable for everybody but this process. */
export function toStored(data: ExtraData, seal: (text: string) => string): string | null {
  if (isEmpty(data)) return null;
  const entries = Object.entries(data);
  const secret = Object.fromEntries(entries.filter(([key]) => isComfyKey(key)));
  const open = Object.fromEntries(entries.filter(([key]) => !isComfyKey(key)));
  return toGraphJson({ ...open, ...(!isEmpty(secret) && { [SEALED]: seal(toGraphJson(secret)) }) });
}

/** What was stored of it. `isWhole`: nothing is sealed in it that `unseal` cannot read any more. */
export function fromStored(
  stored: string,
  unseal: (sealed: string) => string | null,
): { readonly data: ExtraData; readonly isWhole: boolean } {
  const { [SEALED]: sealed, ...open } = shape.parse(parseGraphJson(stored));
  if (typeof sealed !== 'string') return { data: open, isWhole: true };
  const secret = unseal(sealed);
  if (secret === null) return { data: open, isWhole: false };
  return { data: { ...open, ...shape.parse(parseGraphJson(secret)) }, isWhole: true };
}

/** Anything shorter is no key, and may be part of any word. */
const MIN_KEY_LENGTH = 8;

/** What a worker said, without the keys that it was told: a node may name its own in an error. */
export const withoutComfyKeys = (words: string, data: ExtraData): string =>
  COMFY_KEYS.map((key) => data[key])
    .filter((value) => typeof value === 'string')
    .filter(({ length }) => length >= MIN_KEY_LENGTH)
    .reduce((text, value) => text.replaceAll(value, '…'), words);

/** What of a submission's `extra_data` goes to the worker, and what has to be said about the rest. Values may be secrets: no sentence holds one. */
export function allowedExtraData(
  given: ExtraData,
  allowed: readonly string[],
): { data: ExtraData; warnings: Warning[] } {
  const keys = Object.keys(given);
  const dropped = keys.filter((key) => !allowed.includes(key));
  const data = Object.fromEntries(Object.entries(given).filter(([key]) => allowed.includes(key)));
  if (Buffer.byteLength(toGraphJson(data)) > MAX_BYTES)
    throw new AppError('too_large', `extra_data has more than ${MAX_BYTES / 1024} KiB, the limit.`);
  const named = dropped.slice(0, MAX_NAMED).map((key) => `“${key.slice(0, 64)}”`);
  const more = dropped.length > named.length ? ` and ${dropped.length - named.length} more` : '';
  const message = `extra_data: ${named.join(', ')}${more} not passed on to the GPU: not allowed in the settings.`;
  return { data, warnings: dropped.length === 0 ? [] : [{ nodeId: '', classType: '', message }] };
}
