import { z } from 'zod';
import type { AppError, NodeErrors, PromptError } from '../errors.ts';
import { COMFY_KEYS } from '../workflow/extra-data.ts';
import { isRecord } from '../workflow/graph.ts';
import { graphPart } from '../workflow/graph-part.ts';

/** A refusal of `/prompt`, as ComfyUI words it. */
export type PromptRefusal = {
  readonly status: number;
  readonly error: PromptError;
  readonly node_errors: NodeErrors;
};

type Asked =
  | { readonly type: 'refused'; readonly refusal: PromptRefusal }
  | {
      readonly type: 'asked';
      readonly prompt: unknown;
      readonly workflow: unknown;
      readonly extraData: Readonly<Record<string, unknown>>;
      readonly promptId: string | null;
      readonly clientId: string | null;
      readonly goesFirst: boolean;
    };

const refusal = (type: string, message: string, details = '', node_errors: NodeErrors = {}): PromptRefusal => ({
  status: 400,
  error: { type, message, details, extra_info: {} },
  node_errors,
});
const refused = (type: string, message: string, details?: string): Asked => ({
  type: 'refused',
  refusal: refusal(type, message, details),
});

const MAX_CLIENT_ID = 200;
/** What front ends send along with every prompt, and what comfyume says itself. It goes without a word, unless the operator allows it: the person has not asked for it. */
const SENT_ALONG: ReadonlySet<string> = new Set([
  'extra_pnginfo',
  'client_id',
  'create_time',
  'comfy_usage_source',
  'preview_method',
  ...COMFY_KEYS,
]);
const canonicalUuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const body = z.object({
  extra_data: z.record(z.string(), z.unknown()).catch({}),
  client_id: z.string().min(1).max(MAX_CLIENT_ID).nullish(),
  number: z.coerce.number().optional(),
  front: z.unknown().optional(),
  partial_execution_targets: z.array(z.coerce.string()).nullish(),
});

const inside = (value: unknown, key: string): unknown => (isRecord(value) ? value[key] : undefined);

/** What a client of ComfyUI's API asks to be run. `allowed`: what of `extra_data` the operator lets through. */
export function comfyuiPrompt(sent: unknown, allowed: readonly string[]): Asked {
  if (!isRecord(sent) || !('prompt' in sent)) return refused('no_prompt', 'No prompt provided', 'No prompt provided');
  const promptId = canonicalUuid.nullish().safeParse(sent.prompt_id);
  if (!promptId.success)
    return refused(
      'invalid_prompt_id',
      'prompt_id must be a valid UUID',
      'Give a UUID in lower case with hyphens, or none: then the server makes one.',
    );
  const known = body.safeParse(sent);
  if (!known.success) {
    const [issue] = known.error.issues;
    return refused('invalid_prompt', `${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { extra_data, client_id, number = 0, front, partial_execution_targets: targets } = known.data;
  const prompt = targets ? partOf(sent.prompt, targets) : sent.prompt;
  if (isRecord(prompt) && Object.keys(prompt).length === 0)
    return refused('prompt_no_outputs', 'Prompt has no outputs');
  return {
    type: 'asked',
    prompt,
    workflow: inside(extra_data.extra_pnginfo, 'workflow') ?? undefined,
    extraData: Object.fromEntries(
      Object.entries(extra_data).filter(([key]) => !SENT_ALONG.has(key) || allowed.includes(key)),
    ),
    promptId: promptId.data ?? null,
    clientId: client_id ?? null,
    goesFirst: Boolean(front) || number < 0,
  };
}

const graph = z.record(
  z.string(),
  z.looseObject({ class_type: z.string(), inputs: z.record(z.string(), z.unknown()) }),
);
/** Of what is no graph, all: whoever reads it says what is wrong. */
function partOf(prompt: unknown, targets: readonly string[]): unknown {
  const known = graph.safeParse(prompt);
  return known.success ? graphPart(known.data, targets) : prompt;
}

/** What ComfyUI would call it; null for what is not about the graph. */
export function refusalOf({ code, message, nodeErrors, promptError }: AppError): PromptRefusal | null {
  if (code !== 'invalid_graph') return null;
  if (promptError) return { status: 400, error: promptError, node_errors: nodeErrors ?? {} };
  if (!nodeErrors) return refusal('invalid_prompt', message);
  const [first] = Object.values(nodeErrors);
  if (!first) return refusal('prompt_no_outputs', message);
  const [error] = first.errors;
  // A node that is none has no place to show its fault.
  if (error?.type === 'invalid_prompt') return refusal('invalid_prompt', message, error.details);
  return refusal('prompt_outputs_failed_validation', 'Prompt outputs failed validation', message, nodeErrors);
}
