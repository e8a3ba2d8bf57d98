import { z } from 'zod';

/** What the Comfy API v2 says, as its clients expect it. Times are ISO 8601. */
const time = z.iso.datetime();

const API_JOB_STATUSES = ['queued', 'running', 'succeeded', 'canceling', 'canceled', 'failed', 'expired'] as const;
export const apiJobStatus = z.enum(API_JOB_STATUSES);
export type ApiJobStatus = z.infer<typeof apiJobStatus>;

export const apiProgress = z
  .object({
    value: z.number().min(0).max(1),
    nodes_done: z.int(),
    nodes_total: z.int(),
    current_node: z.string().nullable(),
    current_node_class: z.string().nullable(),
    step: z.int().nullable(),
    steps: z.int().nullable(),
    message: z.string().nullable(),
  })
  .meta({ description: 'How far a job is. Each one is complete.' });
export type ApiProgress = z.infer<typeof apiProgress>;

const outputType = z.enum(['image', 'video', 'audio', 'text', 'file', 'latent']);
export type ApiOutputType = z.infer<typeof outputType>;

export const apiOutput = z
  .object({
    node_id: z.string(),
    name: z.string(),
    type: outputType,
    content_type: z.string(),
    size_bytes: z.int(),
    id: z.string().meta({ description: 'Of the asset.' }),
    hash: z.string().nullable().meta({ description: '`blake3:<hex>`; null while it is not known.' }),
    url: z.url(),
    url_expires_at: time,
    job_id: z.string(),
  })
  .meta({ description: 'A file of a job. It is an asset too.' });
export type ApiOutput = z.infer<typeof apiOutput>;

export const apiAsset = z
  .object({
    id: z.string(),
    hash: z.string().nullable().meta({ description: '`blake3:<hex>`; null while it is not known.' }),
    size_bytes: z.int(),
    content_type: z.string(),
    file_path: z.string().meta({ description: 'What you call it.' }),
    created_at: time,
    url: z.url(),
    url_expires_at: time,
    expires_at: time.nullable(),
    job_id: z.string().nullable().meta({ description: 'Of the job that made it.' }),
  })
  .meta({ description: 'A file of yours: an upload, or a result of a job.' });
export type ApiAsset = z.infer<typeof apiAsset>;

export const apiNewAsset = apiAsset
  .extend({ created_new: z.boolean().meta({ description: 'You did not have its content before.' }) })
  .meta({ description: 'An asset that was asked for just now.' });

const MAX_PATH = 1000;
/** Of the contract, which leaves it to servers what they do with them. */
const unused = {
  tags: z.unknown().optional().meta({ description: 'Accepted, and not kept.' }),
  expires_in: z
    .unknown()
    .optional()
    .meta({ description: 'Accepted, and ignored: an asset stays until it is deleted.' }),
};
export const apiAssetFromHash = z
  .object({ hash: z.string().max(200), file_path: z.string().min(1).max(MAX_PATH).optional(), ...unused })
  .meta({ description: 'Which content, and what to call it.' });

/** What the document says of the form, which is read while it arrives. */
export const apiAssetUpload = z
  .object({
    content_type: z.string().optional().meta({ description: 'Not needed: the content decides.' }),
    file_path: z.string().optional().meta({ description: 'What to call it; else the name of the file.' }),
    expected_hash: z.string().optional().meta({ description: '`blake3:<hex>`. Other content is refused.' }),
    ...unused,
    file: z.string().meta({ format: 'binary' }),
  })
  .meta({ description: 'A form with a file.' });

export const apiJobError = z
  .object({
    code: z.string(),
    message: z.string(),
    node_id: z.string().nullable(),
    class_type: z.string().nullable(),
    traceback: z.string().nullable(),
  })
  .meta({ description: 'Why a job failed.' });
export type ApiJobError = z.infer<typeof apiJobError>;

export const apiMetadata = z.record(z.string(), z.unknown());

export const apiJob = z
  .object({
    id: z.string(),
    status: apiJobStatus,
    created_at: time,
    started_at: time.nullable(),
    completed_at: time.nullable(),
    expires_at: time,
    queue_position: z.int().nullable().meta({ description: 'Among all jobs that wait; 1 = next.' }),
    progress: apiProgress.nullable(),
    outputs: z.array(apiOutput),
    error: apiJobError.nullable(),
    metrics: z.object({ queue_ms: z.int().nullable(), execution_ms: z.int().nullable() }),
    metadata: apiMetadata.meta({ description: 'As it was sent with the job.' }),
    urls: z.object({ self: z.string(), events: z.string(), cancel: z.string(), workflow: z.string() }),
  })
  .meta({ description: 'One run of a workflow.' });
export type ApiJob = z.infer<typeof apiJob>;

export const apiJobPage = z
  .object({ jobs: z.array(apiJob), next_cursor: z.string().nullable() })
  .meta({ description: 'Newest first.' });

export const apiErrorEnvelope = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      details: z.record(z.string(), z.unknown()).nullable(),
    }),
  })
  .meta({ description: 'Every refusal.' });

export const apiStatusEvent = z
  .object({ status: apiJobStatus, queue_position: z.int().nullable() })
  .meta({ description: 'SSE `status`.' });
export const apiPreviewEvent = z
  .object({ node_id: z.string(), content_type: z.string(), data_base64: z.string() })
  .meta({ description: 'SSE `preview`.' });
export const apiLogEvent = z
  .object({ level: z.enum(['info', 'warning']), message: z.string() })
  .meta({ description: 'SSE `log`.' });

export const apiWorkflow = z
  .object({ workflow: z.record(z.string(), z.unknown()), format: z.literal('api') })
  .meta({ description: 'The workflow of a job, as it was accepted.' });
