import { AppError, type ErrorCode } from '#src/domain/errors.ts';
import { givenGraph, parseGraphJson } from '#src/domain/workflow/graph-json.ts';

/** An error loses its class on its way between threads. */
export type Parsed =
  | { readonly type: 'value'; readonly value: unknown }
  | { readonly type: 'refused'; readonly code: ErrorCode; readonly message: string }
  | { readonly type: 'broken'; readonly message: string };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Graphs that are given as text are read here too. */
function readGraphs(input: unknown): void {
  if (!isRecord(input)) return;
  for (const name of ['prompt', 'workflow']) if (Object.hasOwn(input, name)) input[name] = givenGraph(input[name]);
}

/** Runs in a thread of its own. */
export default function parse(body: Uint8Array): Parsed {
  try {
    const value = parseGraphJson(new TextDecoder().decode(body));
    readGraphs(value);
    // Of a batch, each call has its own input.
    if (isRecord(value)) for (const input of Object.values(value)) readGraphs(input);
    return { type: 'value', value };
  } catch (error) {
    if (error instanceof AppError) return { type: 'refused', code: error.code, message: error.message };
    return { type: 'broken', message: error instanceof Error ? error.message : String(error) };
  }
}
