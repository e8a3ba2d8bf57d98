import { isRecord } from '../workflow/graph.ts';

/** As Python writes a value. */
export function inPython(value: unknown): string {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'string')
    return value.includes("'") && !value.includes('"') ? `"${value}"` : `'${value.replaceAll("'", "\\'")}'`;
  if (Array.isArray(value)) return `[${value.map(inPython).join(', ')}]`;
  return String(isRecord(value) ? JSON.stringify(value) : value);
}

const WHOLE = /^\s*[+-]?\d+(?:_\d+)*\s*$/;
const NUMBER = /^\s*[+-]?(?:(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[+-]?\d[\d_]*)?|inf|infinity|nan)\s*$/i;
const ASCII = /^[\x20-\x7e\t\r\n]*$/;

function wholeNumber(text: string): number | bigint {
  const near = Number(text);
  return Number.isSafeInteger(near) ? near : BigInt(text.replace('+', ''));
}
/** Nobody compares with `nan`. */
function fraction(text: string): number | undefined {
  const near = Number(text);
  return Number.isFinite(near) ? near : undefined;
}

/** The number that Python makes of a value; null = none; undefined = nobody knows without Python. */
export function numberOf(value: unknown, type: 'INT' | 'FLOAT'): number | bigint | null | undefined {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return value;
    case 'boolean':
      return Number(value);
    case 'string':
      if (!ASCII.test(value)) return undefined;
      if (!(type === 'INT' ? WHOLE : NUMBER).test(value)) return null;
      return type === 'INT'
        ? wholeNumber(value.trim().replaceAll('_', ''))
        : fraction(value.trim().replaceAll('_', ''));
    default:
      return null;
  }
}

const MAX_QUOTED = 200;

/** What Python says of a value that it cannot make a number of. */
export function whyNoNumber(value: unknown, type: 'INT' | 'FLOAT'): string {
  if (typeof value === 'string')
    return type === 'INT'
      ? `invalid literal for int() with base 10: ${inPython(value.slice(0, MAX_QUOTED))}`
      : `could not convert string to float: ${inPython(value.slice(0, MAX_QUOTED))}`;
  const kind = value === null ? 'NoneType' : Array.isArray(value) ? 'list' : 'dict';
  return type === 'INT'
    ? `int() argument must be a string, a bytes-like object or a real number, not '${kind}'`
    : `float() argument must be a string or a real number, not '${kind}'`;
}
