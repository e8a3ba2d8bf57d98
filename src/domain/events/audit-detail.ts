const SECRET = /passphrase|password|token|secret|cookie|authorization/i;
const MAX_TEXT_LENGTH = 200;
const MAX_LISTED = 20;

function withoutSecrets(value: unknown, name: string): unknown {
  if (SECRET.test(name)) return '•••';
  if (typeof value === 'string') return value.length > MAX_TEXT_LENGTH ? `${value.slice(0, MAX_TEXT_LENGTH)}…` : value;
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) {
    const shown = value.slice(0, MAX_LISTED).map((item) => withoutSecrets(item, ''));
    return value.length > MAX_LISTED ? [...shown, `and ${value.length - MAX_LISTED} more`] : shown;
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
