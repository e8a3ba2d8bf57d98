import { parse } from 'lossless-json';
import { z } from 'zod';

/** The parts of Python that are visible in a ComfyUI server's responses. */

/** A `bigint` is a whole number that JavaScript's own would round. */
export type Json = null | boolean | number | bigint | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const jsonShape: z.ZodType<Json> = z.lazy(() =>
  z.union([
    z.null(),
    z.boolean(),
    z.number(),
    z.bigint(),
    z.string(),
    z.array(jsonShape),
    z.record(z.string(), jsonShape),
  ]),
);

function numberOf(text: string): number | bigint {
  const near = Number(text);
  return Number.isSafeInteger(near) || !/^-?\d+$/.test(text) ? near : BigInt(text);
}

/** As `json.loads` reads it, with every digit of a whole number. */
export function loads(text: string): Json {
  const value: unknown = /\d{16}/.test(text) ? parse(text, null, numberOf) : JSON.parse(text);
  return jsonShape.parse(value);
}

export class PythonError extends Error {
  readonly type: string;
  readonly frames: readonly string[];
  constructor(type: string, message: string, frames: readonly string[] = []) {
    super(message);
    this.type = type;
    this.frames = frames;
  }
}

export function typeName(value: Json): string {
  if (value === null) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    case 'string':
      return 'str';
    default:
      return 'dict';
  }
}

export function repr(value: Json): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'string') {
    const escaped = value.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(/\t/g, '\\t');
    return escaped.includes("'") && !escaped.includes('"') ? `"${escaped}"` : `'${escaped.replace(/'/g, "\\'")}'`;
  }
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${repr(key)}: ${repr(item)}`)
    .join(', ')}}`;
}

export const str = (value: Json): string => (typeof value === 'string' ? value : repr(value));

const quote = (text: string): string =>
  JSON.stringify(text).replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** JSON as `json.dumps` writes it: ASCII only, a space after each comma and colon. */
export function dumps(value: Json): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(dumps).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${quote(key)}: ${dumps(item)}`)
    .join(', ')}}`;
}

export function truthy(value: Json): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return isObject(value) ? Object.keys(value).length > 0 : Boolean(value);
}

export function toInt(value: Json): number | bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Math.trunc(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') {
    if (/^\s*[+-]?\d+(_\d+)*\s*$/.test(value)) return numberOf(value.replaceAll(/[\s_]/g, '').replace(/^\+/, ''));
    throw new PythonError('ValueError', `invalid literal for int() with base 10: ${repr(value)}`);
  }
  throw new PythonError(
    'TypeError',
    `int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`,
  );
}

export function toFloat(value: Json): number {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') {
    if (/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value)) return Number(value);
    throw new PythonError('ValueError', `could not convert string to float: ${repr(value)}`);
  }
  throw new PythonError('TypeError', `float() argument must be a string or a real number, not '${typeName(value)}'`);
}

const osErrors: Record<string, { errno: number; type: string; text: string }> = {
  ENOENT: { errno: 2, type: 'FileNotFoundError', text: 'No such file or directory' },
  EACCES: { errno: 13, type: 'PermissionError', text: 'Permission denied' },
  EEXIST: { errno: 17, type: 'FileExistsError', text: 'File exists' },
  ENOTDIR: { errno: 20, type: 'NotADirectoryError', text: 'Not a directory' },
  EISDIR: { errno: 21, type: 'IsADirectoryError', text: 'Is a directory' },
  ENOSPC: { errno: 28, type: 'OSError', text: 'No space left on device' },
  EROFS: { errno: 30, type: 'OSError', text: 'Read-only file system' },
  ENAMETOOLONG: { errno: 36, type: 'OSError', text: 'File name too long' },
};

/** Turns a Node file error into what Python would have raised; leaves others as they are. */
export function fileError(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  const known = osErrors[error.code];
  if (!known) return error;
  return new PythonError(known.type, `[Errno ${known.errno}] ${known.text}: ${repr(file)}`);
}
