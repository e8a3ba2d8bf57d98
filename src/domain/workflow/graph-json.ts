import { parse, stringify } from 'lossless-json';
import { AppError } from '../errors.ts';
import { assertBoundedJson } from './json-bounds.ts';

/** What Python reads of one whole number. */
const MAX_DIGITS = 4300;
const WHOLE = /^-?\d+$/;
/** A fraction of many digits is none of them. */
const MANY_DIGITS = /(?<![\d.])\d{16}/;
const BARE = /"|\\.|-?\b(?:NaN|Infinity)\b/gs;
/** JSON numbers that stand for what Python writes as a bare word, and that no sender means otherwise. */
const NOT_A_NUMBER = '-0.0e-9990999';
const INSTEAD: Readonly<Record<string, string>> = { NaN: NOT_A_NUMBER, Infinity: '1e999', '-Infinity': '-1e999' };

function numberOf(text: string): number | bigint {
  if (text === NOT_A_NUMBER) return Number.NaN;
  const near = Number(text);
  if (Number.isSafeInteger(near) || !WHOLE.test(text)) return near;
  if (text.length > MAX_DIGITS)
    throw new AppError('invalid_graph', `A number has ${text.length} digits; at most ${MAX_DIGITS} are allowed.`);
  return BigInt(text);
}

/** Recursive, unlike `JSON.parse`. */
const parseLossless = (text: string): unknown =>
  parse(text, null, { parseNumber: numberOf, onDuplicateKey: ({ newValue }) => newValue });

/** The text with Python's `NaN` and `Infinity` as JSON numbers; null when it has none. */
function withBareWords(text: string): string | null {
  let inText = false;
  let found = false;
  const replaced = text.replace(BARE, (token) => {
    if (token === '"') inText = !inText;
    const instead = inText ? undefined : INSTEAD[token];
    if (instead === undefined) return token;
    found = true;
    return instead;
  });
  return found ? replaced : null;
}

/**
 * Plain JSON in which whole numbers beyond ±2^53 are a `bigint` and every other number is a `number`. Python's bare `NaN` and `Infinity` are read, so that
 * whoever judges a graph can name the input that has one. Throws as `JSON.parse` does, and AppError for what is too deep or too long.
 */
export function parseGraphJson(text: string): unknown {
  assertBoundedJson(text);
  let plain: unknown;
  try {
    plain = JSON.parse(text);
  } catch (error) {
    const replaced = withBareWords(text);
    if (replaced === null) throw error;
    JSON.parse(replaced);
    return parseLossless(replaced);
  }
  return MANY_DIGITS.test(text) ? parseLossless(text) : plain;
}

/** Whether `JSON.parse` gives the same of a text that `parseGraphJson` has read. */
export function isReadByPlainJson(text: string): boolean {
  try {
    JSON.parse(text);
    return !MANY_DIGITS.test(text);
  } catch {
    return false;
  }
}

/** JSON with every digit of a `bigint`. */
export function toGraphJson(value: unknown, space?: number): string {
  try {
    return JSON.stringify(value, null, space);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const text = stringify(value, null, space);
    if (text === undefined) throw error;
    return text;
  }
}

/** A graph as callers give it: JSON, or JSON as text, which keeps the digits of callers whose own JSON would round them. */
export function givenGraph(given: unknown): unknown {
  if (typeof given !== 'string') return given;
  try {
    return parseGraphJson(given);
  } catch (error) {
    if (error instanceof SyntaxError) return given;
    throw error;
  }
}

const hasBigint = (value: unknown): boolean =>
  typeof value === 'bigint' || (typeof value === 'object' && value !== null && Object.values(value).some(hasBigint));

/** A graph to be given to the server by a caller whose JSON would refuse a `bigint`. */
export const graphToGive = (graph: unknown): unknown => (hasBigint(graph) ? toGraphJson(graph) : graph);

/** For readers whose JSON knows no larger whole numbers than 2^53: those are text. */
function withTextNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(withTextNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withTextNumbers(item)]));
}

/** A stored graph for readers whose JSON knows no larger whole numbers than 2^53: to look at, and, where that differs, its exact text. */
export type ReadableGraph = { readonly graph: unknown; readonly exact: string | null };

export function readableGraph(text: string | null): ReadableGraph {
  if (text === null) return { graph: null, exact: null };
  const graph = parseGraphJson(text);
  return hasBigint(graph) ? { graph: withTextNumbers(graph), exact: text } : { graph, exact: null };
}
