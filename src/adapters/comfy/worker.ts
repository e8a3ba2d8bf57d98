import { z } from 'zod';
import type { NodeErrors } from '#src/domain/errors.ts';
import type { Endpoint } from '#src/ports/endpoints.ts';
import type { Answer, Worker } from '#src/ports/worker.ts';

/** A cold start holds the request for minutes. After this long the answer is unknown, and the share decides. */
const FIRE_TIMEOUT_MS = 10 * 60_000;
const STOP_TIMEOUT_MS = 10_000;
const MOST_ANSWER_BYTES = 4 * 1024 * 1024;

const nodeErrors: z.ZodType<NodeErrors> = z.record(
  z.string(),
  z.object({
    class_type: z.string().default(''),
    dependent_outputs: z.array(z.string()).default([]),
    errors: z
      .array(
        z.object({
          type: z.string().default('unknown'),
          message: z.string().default(''),
          details: z.coerce.string().default(''),
          extra_info: z.record(z.string(), z.unknown()).default({}),
        }),
      )
      .default([]),
  }),
);
/** An empty set comes as {} or as []. */
const nodeErrorsOrNone = z
  .union([
    nodeErrors,
    z
      .array(z.unknown())
      .max(0)
      .transform((): NodeErrors => ({})),
  ])
  .default({});
const accepted = z.object({ prompt_id: z.string(), node_errors: nodeErrorsOrNone });
const refused = z.object({
  error: z.union([z.string(), z.object({ message: z.string().default(''), details: z.coerce.string().default('') })]),
  node_errors: nodeErrorsOrNone,
});

/** Codes with which nothing can have reached the other side. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_INVALID_URL',
]);

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return codeOf(error.cause);
}

const sayError = (error: unknown): string =>
  error instanceof Error ? [error.message, codeOf(error)].filter((part) => part !== '').join(' ') : String(error);

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_ANSWER_BYTES) throw new Error('The answer is too long.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `keyOf` gives the value of the environment variable that an endpoint names. */
export function createWorker(keyOf: (variable: string) => string | undefined): Worker {
  function request(endpoint: Endpoint, path: string, body: unknown, signal: AbortSignal): Promise<Response> {
    const key = endpoint.apiKeyVariable === null ? undefined : keyOf(endpoint.apiKeyVariable);
    return fetch(`${endpoint.url.replace(/\/+$/, '')}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key !== undefined && { authorization: `Bearer ${key}` }) },
      body: JSON.stringify(body),
      redirect: 'error',
      signal,
    });
  }

  return {
    async fire(endpoint, { promptId, prompt, extraPnginfo }, signal): Promise<Answer> {
      const body = { prompt_id: promptId, prompt, extra_data: { extra_pnginfo: extraPnginfo } };
      let httpStatus: number | null = null;
      try {
        const response = await request(
          endpoint,
          '/prompt',
          body,
          AbortSignal.any([signal, AbortSignal.timeout(FIRE_TIMEOUT_MS)]),
        );
        httpStatus = response.status;
        const text = await readText(response);
        const json = parseJson(text);
        const yes = accepted.safeParse(json);
        if (response.status === 200 && yes.success)
          return { type: 'accepted', httpStatus, nodeErrors: yes.data.node_errors };
        const no = refused.safeParse(json);
        if (response.status === 400 && no.success) {
          const { error } = no.data;
          const message =
            typeof error === 'string' ? error : [error.message, error.details].filter((part) => part !== '').join(': ');
          return { type: 'refused', httpStatus, message, nodeErrors: no.data.node_errors };
        }
        if (response.status === 401 || response.status === 403 || response.status === 404 || response.status === 413)
          return { type: 'unreachable', message: `${endpoint.name} answered ${httpStatus}: ${text.slice(0, 200)}` };
        return {
          type: 'unknown',
          httpStatus,
          message: `${endpoint.name} answered ${httpStatus}: ${text.slice(0, 200)}`,
        };
      } catch (error) {
        if (NOT_SENT.has(codeOf(error)))
          return { type: 'unreachable', message: `${endpoint.name} cannot be reached: ${sayError(error)}` };
        return { type: 'unknown', httpStatus, message: `${endpoint.name}: ${sayError(error)}` };
      }
    },

    async stop(endpoint, promptId, signal) {
      const limited = () => AbortSignal.any([signal, AbortSignal.timeout(STOP_TIMEOUT_MS)]);
      for (const [path, body] of [
        ['/queue', { delete: [promptId] }],
        ['/interrupt', { prompt_id: promptId }],
      ] as const) {
        const response = await request(endpoint, path, body, limited());
        await response.body?.cancel();
      }
    },
  };
}
