const SECRET = /passphrase|password|token|secret|cookie|authorization/i;
const MAX_TEXT_LENGTH = 200;
const MAX_LISTED = 20;

const andMore = (count: number): string => `and ${count} more`;

/** A list that was cut ends with how many are missing. */
export function listOf(list: readonly unknown[]): { items: readonly unknown[]; more: number } {
  const more = /^and (\d+) more$/.exec(String(list.at(-1)))?.[1];
  return more === undefined ? { items: list, more: 0 } : { items: list.slice(0, -1), more: Number(more) };
}

/** With one more, which is named only while there are fewer than `most`. */
export function withOneMore(list: readonly unknown[], item: string, most: number): readonly unknown[] {
  const { items, more } = listOf(list);
  return items.length < most ? [...items, item] : [...items, andMore(more + 1)];
}

function withoutSecrets(value: unknown, name: string): unknown {
  if (SECRET.test(name)) return '•••';
  if (typeof value === 'string') return value.length > MAX_TEXT_LENGTH ? `${value.slice(0, MAX_TEXT_LENGTH)}…` : value;
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) {
    const { items, more } = listOf(value);
    const shown = items.slice(0, MAX_LISTED).map((item) => withoutSecrets(item, ''));
    const left = items.length - shown.length + more;
    return left > 0 ? [...shown, andMore(left)] : shown;
  }
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner, key)]));
  return value;
}

/** What is kept of the input of something that was done: short, and never a secret. */
export function auditDetail(input: unknown): Record<string, unknown> {
  const kept = withoutSecrets(input ?? {}, '');
  return typeof kept === 'object' && kept !== null && !Array.isArray(kept) ? { ...kept } : { value: kept };
}

/** The id of what it was done to, where the input names one. */
export function auditSubject(input: unknown): string | null {
  if (typeof input !== 'object' || input === null || !('id' in input)) return null;
  return typeof input.id === 'string' ? input.id : null;
}
