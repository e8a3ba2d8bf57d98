import type { Field } from './fields-of.ts';
import type { Change } from './with-changes.ts';

const WHOLE = /^-?\d{1,20}$/;
/** Kinds of which a worker takes whole numbers above zero only. */
const COUNTED: ReadonlySet<Field['kind']> = new Set(['width', 'height', 'frames', 'count', 'steps']);

/** What somebody has typed for a field, as a value; or why it is none. */
export function typedValue(
  { kind, value }: Pick<Field, 'kind' | 'value'>,
  typed: string | boolean,
): { readonly value: Change['value'] } | { readonly why: string } {
  if (typeof typed === 'boolean' || typeof value === 'string') return { value: typed };
  const text = typed.trim();
  if (COUNTED.has(kind)) return /^[1-9]\d{0,5}$/.test(text) ? { value: text } : { why: 'A whole number above zero.' };
  if (kind === 'seed')
    return /^\d{1,20}$/.test(text) ? { value: text } : { why: 'A whole number of at most 20 digits.' };
  if (WHOLE.test(text)) return { value: text };
  const near = Number(text.replace(',', '.'));
  return text !== '' && Number.isFinite(near) ? { value: near } : { why: 'A number, such as 7.5.' };
}
