import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';
import { dumps, type Json } from '../python.ts';

export type Request = { raw: IncomingMessage; url: URL; params: string[] };
export type Answer = { status: number; headers: { [name: string]: string }; body: Buffer | string };

export const uploadLimit = 104857600;
const server = 'Python/3.12 aiohttp/3.11.18';

export const json = (value: Json, status = 200): Answer => ({
  status,
  headers: { 'Content-Type': 'application/json; charset=utf-8' },
  body: dumps(value),
});
export const text = (body: string, status: number, headers: { [name: string]: string } = {}): Answer => ({
  status,
  headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers },
  body,
});
export const empty = (status = 200): Answer => ({
  status,
  headers: { 'Content-Type': 'application/octet-stream' },
  body: '',
});

/** An answer that ends a handler early. */
export class AnswerNow extends Error {
  readonly answer: Answer;
  constructor(answer: Answer) {
    super(`HTTP ${answer.status}`);
    this.answer = answer;
  }
}

export const troubled = (): Answer =>
  text('500 Internal Server Error\n\nServer got itself in trouble', 500, { Connection: 'close' });

export function send(response: ServerResponse, method: string, answer: Answer): void {
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  response.statusCode = answer.status;
  response.setHeader('Server', server);
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  if (answer.status === 204 || answer.status === 304) {
    response.end();
    return;
  }
  if (!response.hasHeader('Content-Length')) response.setHeader('Content-Length', body.length);
  response.end(method === 'HEAD' ? undefined : body);
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    if (!Buffer.isBuffer(part)) continue;
    size += part.length;
    if (size > uploadLimit) {
      const message = `Maximum request body size ${uploadLimit} exceeded, actual body size ${size}`;
      throw new AnswerNow(text(message, 413));
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return bare === 'localhost' || (isIPv4(bare) && bare.startsWith('127.')) || (isIPv6(bare) && bare === '::1');
}

/** A server with a loopback name accepts requests from its own pages only. */
export function originAllowed(request: IncomingMessage): boolean {
  const { host, origin } = request.headers;
  if (!host || !origin || !URL.canParse(origin) || !URL.canParse(`http://${host}`)) return true;
  const from = new URL(origin);
  const to = new URL(`http://${host}`);
  if (!isLoopback(to.hostname)) return true;
  return (from.port ? host.toLowerCase() : to.hostname) === from.host;
}
