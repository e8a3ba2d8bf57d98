import { isRecord } from '#src/domain/workflow/graph.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** What is there at this path of plain objects; undefined where the path ends early. */
export function inside(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), value);
}

export const textOr = (value: unknown, other: string): string => (typeof value === 'string' ? value : other);

export const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.flatMap((one) => (typeof one === 'string' ? [one] : [])) : [];

/** As ComfyUI's own server answers. */
export const reply = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

/** What a request's body says; null for what is no JSON object. */
export function bodyOf(init: RequestInit | undefined): JsonObject | null {
  if (typeof init?.body !== 'string') return null;
  try {
    const value: unknown = JSON.parse(init.body);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}
