import type { IncomingMessage } from 'node:http';
import type { RequestFault } from '../faults.ts';

export const isPrompt = (request: IncomingMessage): boolean =>
  request.method === 'POST' && /^\/(api\/)?prompt(\?|$)/.test(request.url ?? '');

/** Whether a fault applies to this request. */
export const isAbout = (request: IncomingMessage, only: RequestFault['only']): boolean =>
  only === 'all' ||
  (only === 'prompt' ? isPrompt(request) : new RegExp(`^/(api/)?${only}([/?]|$)`).test(request.url ?? ''));

/** The prompt id in a path, for routing that avoids its replica. */
export function idInPath(request: IncomingMessage): string | null {
  const match = /^\/(?:api\/)?(?:history|jobs)\/([^/?]+)/.exec(request.url ?? '');
  return match?.[1] === undefined ? null : decodeURIComponent(match[1]);
}

/** The path without the variable parts, for counting. */
export const routeOf = (request: IncomingMessage): string => {
  const [, first = '', ...more] = (request.url ?? '/')
    .replace(/\?.*$/s, '')
    .replace(/^\/api\//, '/')
    .split('/');
  return `${request.method} /${first}${more.length > 0 ? '/*' : ''}`;
};

const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding']);

export function headerList(raw: readonly string[]): { [name: string]: string | string[] } {
  const headers: { [name: string]: string[] } = {};
  for (let index = 0; index < raw.length; index += 2) {
    const [name = '', value = ''] = [raw[index], raw[index + 1]];
    if (hopByHop.has(name.toLowerCase())) continue;
    headers[name] ??= [];
    headers[name].push(value);
  }
  return Object.fromEntries(
    Object.entries(headers).map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  );
}
