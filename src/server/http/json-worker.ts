import { AppError, type ErrorCode } from '#src/domain/errors.ts';
import { givenGraph, isReadByPlainJson, parseGraphJson } from '#src/domain/workflow/graph-json.ts';

/** An error loses its class on its way between threads. */
export type Parsed =
  | { readonly type: 'value'; readonly value: unknown }
  /** Within bounds: whoever asked reads it with `JSON.parse` in half the time that a copy of a million values takes them. */
  | { readonly type: 'plain' }
  | { readonly type: 'refused'; readonly code: ErrorCode; readonly message: string }
  | { readonly type: 'broken'; readonly message: string };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Graphs that are given as text are read here too. True when there are any. */
function readGraphs(input: unknown): boolean {
  if (!isRecord(input)) return false;
  const given = ['prompt', 'workflow'].filter((name) => typeof input[name] === 'string');
  for (const name of given) input[name] = givenGraph(input[name]);
  return given.length > 0;
}

/** Runs in a thread of its own. */
export default function parse(body: Uint8Array): Parsed {
  try {
    const text = new TextDecoder().decode(body);
    const value = parseGraphJson(text);
    // Of a batch, each call has its own input.
    const inputs = isRecord(value) ? [value, ...Object.values(value)] : [];
    const hasTexts = inputs.map(readGraphs).includes(true);
    return !hasTexts && isReadByPlainJson(text) ? { type: 'plain' } : { type: 'value', value };
  } catch (error) {
    if (error instanceof AppError) return { type: 'refused', code: error.code, message: error.message };
    return { type: 'broken', message: error instanceof Error ? error.message : String(error) };
  }
}
