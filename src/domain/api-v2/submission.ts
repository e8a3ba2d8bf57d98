import { z } from 'zod';
import type { NodeErrors } from '../errors.ts';
import { isRecord } from '../workflow/graph.ts';
import { apiMetadata } from './schemas.ts';

/** For so long a request with the same Idempotency-Key is the same request. */
export const API_KEY_MS = 24 * 3_600_000;

const MAX_METADATA_BYTES = 16_384;

/** Kept for later by the contract: nobody may believe that they do something. */
const reserved = z.never({ error: 'is not supported' }).optional();

export const apiSubmission = z
  .object({
    workflow: z
      .record(z.string(), z.unknown())
      .meta({ description: 'In API format. Files are named, or `core/ASSET` references.' }),
    extra_data: z
      .record(z.string(), z.unknown())
      .default({})
      .meta({ description: 'For the worker, as far as the settings allow it, such as `api_key_comfy_org`.' }),
    metadata: apiMetadata
      .default({})
      .refine(
        (given) => Buffer.byteLength(JSON.stringify(given)) <= MAX_METADATA_BYTES,
        'has more than 16 KiB, the limit',
      )
      .meta({ description: 'Yours. A text `title` is the title of the job.' }),
    priority: z.number().default(0).meta({ description: 'Above 0: before your own jobs that wait.' }),
    webhook_url: reserved,
    inputs: reserved,
  })
  .meta({ description: 'What is to be run.' });
export type ApiSubmission = z.output<typeof apiSubmission>;

/** An export of the editor, with its lists of nodes and links. */
export const isEditorFormat = (workflow: Readonly<Record<string, unknown>>): boolean =>
  Array.isArray(workflow.nodes) && (Array.isArray(workflow.links) || 'last_node_id' in workflow);

export const titleOf = ({ metadata }: Pick<ApiSubmission, 'metadata'>): string | undefined =>
  typeof metadata.title === 'string' ? metadata.title.slice(0, 200) : undefined;

/** By node, what is wrong with which of its inputs. */
export const nodeDetails = (nodeErrors: NodeErrors) => ({
  node_errors: Object.fromEntries(
    Object.entries(nodeErrors).map(([id, { class_type, errors }]) => [
      id,
      errors.map(({ type, message, details, extra_info }) => ({
        field: typeof extra_info.input_name === 'string' ? extra_info.input_name : null,
        reason: type,
        message: details === '' ? message : `${message} (${details})`,
        class_type,
      })),
    ]),
  ),
});

export const parseMetadata = (stored: string): Record<string, unknown> => {
  const value: unknown = JSON.parse(stored);
  return isRecord(value) ? value : {};
};
