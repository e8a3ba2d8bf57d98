/** Every way in which a request can be answered with "no". The message is for the person who reads it. */
export const ERROR_CODES = [
  'invalid_input',
  'invalid_graph',
  'not_signed_in',
  'wrong_credentials',
  'too_many_attempts',
  'forbidden',
  'foreign_origin',
  'not_found',
  'conflict',
  'too_large',
  'too_many_jobs',
  'shutting_down',
  'file_changed',
  'foreign_file',
  'storage_full',
  'storage_unavailable',
  'share_unavailable',
  'platform_unavailable',
  'database_unavailable',
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

type Extra = {
  readonly cause?: unknown;
  readonly nodeErrors?: NodeErrors;
  readonly promptError?: PromptError;
  readonly retryAfterSeconds?: number;
};

/** What ComfyUI says is wrong, of a node or of a whole graph. */
export type PromptError = {
  readonly type: string;
  readonly message: string;
  readonly details: string;
  readonly extra_info: Readonly<Record<string, unknown>>;
};

/** ComfyUI's own shape: node id → what is wrong with it. */
export type NodeErrors = Readonly<
  Record<
    string,
    {
      readonly class_type: string;
      readonly dependent_outputs: readonly string[];
      readonly errors: readonly PromptError[];
    }
  >
>;

export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly nodeErrors: NodeErrors | undefined;
  /** Of a graph that ComfyUI itself would refuse, in its words. */
  readonly promptError: PromptError | undefined;
  readonly retryAfterSeconds: number | undefined;
  constructor(code: ErrorCode, message: string, extra: Extra = {}) {
    super(message, { cause: extra.cause });
    this.code = code;
    this.nodeErrors = extra.nodeErrors;
    this.promptError = extra.promptError;
    this.retryAfterSeconds = extra.retryAfterSeconds;
  }
}

/** What an error has to say to a person: itself, or the one that a layer in between has put into another as its cause. */
export function appErrorIn(error: unknown): AppError | null {
  if (error instanceof AppError) return error;
  return error instanceof Error ? appErrorIn(error.cause) : null;
}
