import { z } from 'zod';
import type { NodeErrors } from '#src/domain/errors.ts';
import type { Graph } from '#src/domain/graph.ts';
import type { Answer, Worker } from '#src/ports/worker.ts';
import { createRequest, parseJson, readText, sayError, wasNotSent } from './http.ts';

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
const refusal = z.object({
  type: z.string().default('unknown'),
  message: z.string().default(''),
  details: z.coerce.string().default(''),
});
const refused = z.object({ error: z.union([z.string(), refusal]), node_errors: nodeErrorsOrNone });

/** A class that the worker does not have is told of the whole prompt, with its node in the details. */
function blamedNode({ type, message, details }: z.infer<typeof refusal>, prompt: Graph): NodeErrors {
  const nodeId = /^Node ID '#(.+)'$/.exec(details)?.[1] ?? '';
  const node = Object.hasOwn(prompt, nodeId) ? prompt[nodeId] : undefined;
  if (!node) return {};
  const errors = [{ type, message, details: '', extra_info: {} }];
  return { [nodeId]: { class_type: node.class_type, dependent_outputs: [], errors } };
}

/** `keyOf` gives the value of the environment variable that an endpoint names. */
export function createWorker(keyOf: (variable: string) => string | undefined): Worker {
  const request = createRequest(keyOf);

  return {
    async fire(endpoint, { promptId, prompt, extraPnginfo, extraData }, signal): Promise<Answer> {
      const body = { prompt_id: promptId, prompt, extra_data: { ...extraData, extra_pnginfo: extraPnginfo } };
      let httpStatus: number | null = null;
      try {
        const response = await request(
          endpoint,
          '/prompt',
          body,
          AbortSignal.any([signal, AbortSignal.timeout(FIRE_TIMEOUT_MS)]),
        );
        httpStatus = response.status;
        const text = await readText(response, MOST_ANSWER_BYTES);
        const json = parseJson(text);
        const yes = accepted.safeParse(json);
        if (response.status === 200 && yes.success)
          return { type: 'accepted', httpStatus, nodeErrors: yes.data.node_errors };
        const no = refused.safeParse(json);
        if (response.status === 400 && no.success) {
          const { error } = no.data;
          if (typeof error === 'string')
            return { type: 'refused', httpStatus, message: error, nodeErrors: no.data.node_errors };
          const message = [error.message, error.details].filter((part) => part !== '').join(': ');
          const nodeErrors = { ...blamedNode(error, prompt), ...no.data.node_errors };
          return { type: 'refused', httpStatus, message, nodeErrors };
        }
        if (response.status === 413)
          return { type: 'refused', httpStatus, message: 'The workflow is too large for the worker.', nodeErrors: {} };
        if (response.status === 401 || response.status === 403 || response.status === 404)
          return { type: 'unreachable', message: `${endpoint.name} answered ${httpStatus}: ${text.slice(0, 200)}` };
        return {
          type: 'unknown',
          httpStatus,
          message: `${endpoint.name} answered ${httpStatus}: ${text.slice(0, 200)}`,
        };
      } catch (error) {
        if (wasNotSent(error))
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
