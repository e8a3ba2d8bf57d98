import type { Response } from 'undici';
import type { HttpAnswer } from '#src/domain/endpoints/http-answer.ts';
import { appErrorIn } from '#src/domain/errors.ts';
import { toGraphJson } from '#src/domain/workflow/graph-json.ts';
import type { Endpoint } from '#src/ports/endpoints.ts';
import { assertAllowed, lookupAllowed } from './metadata-addresses.ts';
import { addressOf } from './reach.ts';

/** Codes with which nothing can have reached the other side. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_INVALID_URL',
  // Ours: it may not be sent.
  'forbidden',
]);

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return codeOf(error.cause);
}

export const wasNotSent = (error: unknown): boolean => NOT_SENT.has(codeOf(error));

export const sayError = (error: unknown): string =>
  appErrorIn(error)?.message ??
  (error instanceof Error ? [error.message, codeOf(error)].filter((part) => part !== '').join(' ') : String(error));

export class TooLong extends Error {
  constructor() {
    super('The response is too long.');
  }
}

export async function readBytes(response: Response, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new TooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export const readText = async (response: Response, maxBytes: number): Promise<string> =>
  (await readBytes(response, maxBytes)).toString('utf8');

export async function readAnswer(response: Response, maxBytes: number): Promise<HttpAnswer> {
  const { status, headers } = response;
  return {
    status,
    type: headers.get('content-type'),
    retryAfter: headers.get('retry-after'),
    location: status >= 300 && status < 400 ? headers.get('location') : null,
    text: await readText(response, maxBytes),
  };
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// Read first, the package would take the place of Node's own dispatcher under every `fetch` of this process.
void new globalThis.Response();
const { Agent, fetch } = await import('undici');
const dispatcher = new Agent({ connect: { lookup: lookupAllowed } });

/** A redirect is an answer like others: whoever it leads to was not meant. `body` undefined = GET. `keyOf` gives the value of the environment variable that an endpoint names. */
export function createRequest(keyOf: (variable: string) => string | undefined) {
  return async (
    endpoint: Pick<Endpoint, 'url' | 'apiKeyVariable'>,
    path: string,
    body: unknown,
    signal: AbortSignal,
  ): Promise<Response> => {
    assertAllowed(addressOf(endpoint.url).host);
    const key = endpoint.apiKeyVariable === null ? undefined : keyOf(endpoint.apiKeyVariable);
    const authorization: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const address = `${endpoint.url.replace(/\/+$/, '')}${path}`;
    if (body === undefined) return fetch(address, { headers: authorization, redirect: 'manual', signal, dispatcher });
    return fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization },
      body: toGraphJson(body),
      redirect: 'manual',
      signal,
      dispatcher,
    });
  };
}
