import { z } from 'zod';
import { answerSentence, type HttpAnswer, tooLargeSentence, verdictOf } from '#src/domain/endpoints/http-answer.ts';
import { listens } from '#src/domain/endpoints/listening.ts';
import type { NodeErrors } from '#src/domain/errors.ts';
import { withoutComfyKeys } from '#src/domain/workflow/extra-data.ts';
import type { Graph } from '#src/domain/workflow/graph.ts';
import type { Endpoint } from '#src/ports/endpoints.ts';
import type { Answer, Worker } from '#src/ports/worker.ts';
import { createRequest, parseJson, readAnswer, sayError, wasNotSent } from './http.ts';

/** A cold start holds the request for minutes. After this long the answer is unknown, and the share decides. */
const FIRE_TIMEOUT_MS = 10 * 60_000;
const STOP_TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

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
const nodeErrorsOrNone = z.union([
  nodeErrors,
  z
    .array(z.unknown())
    .max(0)
    .transform((): NodeErrors => ({})),
]);
const accepted = z.object({ prompt_id: z.string(), node_errors: nodeErrorsOrNone.default({}) });
const refusal = z.object({
  type: z.string().default('unknown'),
  message: z.string().default(''),
  details: z.coerce.string().default(''),
});
/** ComfyUI always names both; an `error` alone is what balancers say. */
const refused = z.object({ error: z.union([z.string(), refusal]), node_errors: nodeErrorsOrNone });

/** A class that the worker does not have is told of the whole prompt, with its node in the details. */
function blamedNode({ type, message, details }: z.infer<typeof refusal>, prompt: Graph): NodeErrors {
  const nodeId = /^Node ID '#(.+)'$/.exec(details)?.[1] ?? '';
  const node = Object.hasOwn(prompt, nodeId) ? prompt[nodeId] : undefined;
  if (!node) return {};
  const errors = [{ type, message, details: '', extra_info: {} }];
  return { [nodeId]: { class_type: node.class_type, dependent_outputs: [], errors } };
}

/** Null when it is none of ComfyUI's own answers. */
function readOwn({ status: httpStatus, text }: HttpAnswer, prompt: Graph): Answer | null {
  const json = parseJson(text);
  const yes = accepted.safeParse(json);
  if (httpStatus === 200 && yes.success) return { type: 'accepted', httpStatus, nodeErrors: yes.data.node_errors };
  const no = refused.safeParse(json);
  if (httpStatus !== 400 || !no.success) return null;
  const { error } = no.data;
  if (typeof error === 'string')
    return { type: 'refused', httpStatus, message: error, nodeErrors: no.data.node_errors };
  const message = [error.message, error.details].filter((part) => part !== '').join(': ');
  const nodeErrors = { ...blamedNode(error, prompt), ...no.data.node_errors };
  return { type: 'refused', httpStatus, message, nodeErrors };
}

function readOther(answer: HttpAnswer, name: string): Answer {
  const httpStatus = answer.status;
  const message = answerSentence(name, answer);
  switch (verdictOf(answer)) {
    case 'busy':
      return { type: 'busy', httpStatus, retryAfter: answer.retryAfter, message };
    case 'too_large':
      return { type: 'refused', httpStatus, message: tooLargeSentence(answer), nodeErrors: {} };
    case 'not_taken':
      return { type: 'unreachable', httpStatus, message };
    case 'unknown':
      return { type: 'unknown', httpStatus, message };
  }
}

/** `keyOf` gives the value of the environment variable that an endpoint names. */
export function createWorker(keyOf: (variable: string) => string | undefined): Worker {
  const request = createRequest(keyOf);

  async function tell(
    endpoint: Endpoint,
    steps: readonly (readonly [path: string, body: unknown])[],
    signal: AbortSignal,
  ): Promise<void> {
    const refusals: string[] = [];
    for (const [path, body] of steps) {
      const response = await request(
        endpoint,
        path,
        body,
        AbortSignal.any([signal, AbortSignal.timeout(STOP_TIMEOUT_MS)]),
      );
      if (response.ok) await response.body?.cancel();
      else refusals.push(`${path}: ${answerSentence(endpoint.name, await readAnswer(response, MAX_ANSWER_BYTES))}`);
    }
    if (refusals.length > 0) throw new Error(refusals.join('; '));
  }

  return {
    async fire(endpoint, { promptId, prompt, extraPnginfo, extraData }, signal): Promise<Answer> {
      const body = {
        prompt_id: promptId,
        prompt,
        extra_data: { ...extraData, extra_pnginfo: extraPnginfo },
        ...(listens(endpoint) && { client_id: endpoint.id }),
      };
      let httpStatus: number | null = null;
      try {
        const response = await request(
          endpoint,
          '/prompt',
          body,
          AbortSignal.any([signal, AbortSignal.timeout(FIRE_TIMEOUT_MS)]),
        );
        httpStatus = response.status;
        const said = await readAnswer(response, MAX_ANSWER_BYTES);
        const answer = { ...said, text: withoutComfyKeys(said.text, extraData ?? {}) };
        return readOwn(answer, prompt) ?? readOther(answer, endpoint.name);
      } catch (error) {
        if (wasNotSent(error))
          return {
            type: 'unreachable',
            httpStatus: null,
            message: `${endpoint.name} cannot be reached: ${sayError(error)}`,
          };
        return { type: 'unknown', httpStatus, message: `${endpoint.name}: ${sayError(error)}` };
      }
    },

    withdraw: (endpoint, promptIds, signal) => tell(endpoint, [['/queue', { delete: promptIds }]], signal),

    stop: (endpoint, { promptId, interrupt }, signal) =>
      tell(
        endpoint,
        [['/queue', { delete: [promptId] }], ...(interrupt ? [['/interrupt', { prompt_id: promptId }] as const] : [])],
        signal,
      ),
  };
}
