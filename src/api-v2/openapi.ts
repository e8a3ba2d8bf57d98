import { z } from 'zod';
import {
  apiAsset,
  apiAssetFromHash,
  apiAssetUpload,
  apiErrorEnvelope,
  apiJob,
  apiJobError,
  apiJobPage,
  apiLogEvent,
  apiNewAsset,
  apiOutput,
  apiPreviewEvent,
  apiProgress,
  apiStatusEvent,
  apiWorkflow,
} from '#src/domain/api-v2/schemas.ts';
import { apiSubmission } from '#src/domain/api-v2/submission.ts';
import { API_STATUS, type ApiErrorCode } from './errors.ts';
import type { ApiOperation, ApiOperations } from './operations.ts';

/** The schemas that have a name in the document. */
const NAMED: Readonly<Record<string, z.ZodType>> = {
  JobSubmission: apiSubmission,
  Job: apiJob,
  JobPage: apiJobPage,
  JobWorkflow: apiWorkflow,
  JobError: apiJobError,
  Progress: apiProgress,
  Output: apiOutput,
  Asset: apiAsset,
  NewAsset: apiNewAsset,
  AssetFromHash: apiAssetFromHash,
  AssetUpload: apiAssetUpload,
  StatusEvent: apiStatusEvent,
  PreviewEvent: apiPreviewEvent,
  LogEvent: apiLogEvent,
  ErrorEnvelope: apiErrorEnvelope,
};
const REFERENCE = '#/components/schemas/';
const EVERYWHERE: readonly ApiErrorCode[] = ['unauthorized', 'forbidden', 'rate_limited'];

const inlined = (schema: z.ZodType) => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
};

function schemaOf(schema: z.ZodType): object {
  const name = Object.keys(NAMED).find((one) => NAMED[one] === schema);
  return name === undefined ? inlined(schema) : { $ref: `${REFERENCE}${name}` };
}

function componentSchemas(): object {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(NAMED)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io: 'input', uri: (id) => `${REFERENCE}${id}` });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _, $id: __, ...schema }]) => [name, schema]),
  );
}

const contentOf = (content: z.ZodType | string): object =>
  typeof content === 'string'
    ? { [content]: { schema: { type: 'string' } } }
    : { 'application/json': { schema: schemaOf(content) } };

function bodyOf({ body }: ApiOperation): object {
  if (body === undefined) return {};
  const [mediaType, schema] = body instanceof z.ZodType ? ['application/json', body] : [body.mediaType, body.schema];
  return { requestBody: { required: true, content: { [mediaType]: { schema: schemaOf(schema) } } } };
}

function parametersOf(path: string, { query, takesIdempotencyKey }: ApiOperation): object[] {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const asked = Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema: inlined(z.object({ [name]: schema })).properties?.[name] ?? {},
  }));
  const key = { name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string', maxLength: 255 } };
  return [...inPath, ...asked, ...(takesIdempotencyKey ? [key] : [])];
}

function answersOf({ answers, errors = [] }: ApiOperation): object {
  const refusals = new Map<number, string[]>();
  for (const code of [...EVERYWHERE, ...errors])
    refusals.set(API_STATUS[code], [...(refusals.get(API_STATUS[code]) ?? []), `\`${code}\``]);
  return {
    ...Object.fromEntries(
      Object.entries(answers).map(([status, { description, content }]) => [
        status,
        { description, ...(content !== undefined && { content: contentOf(content) }) },
      ]),
    ),
    ...Object.fromEntries(
      [...refusals].map(([status, codes]) => [
        status,
        { description: codes.join(', '), content: contentOf(apiErrorEnvelope) },
      ]),
    ),
  };
}

/** The OpenAPI document of these routes. */
export function openApiDocument(operations: ApiOperations) {
  const paths: Record<string, Record<string, object>> = {};
  for (const [route, operation] of Object.entries(operations)) {
    const [method = '', path = ''] = route.split(' ');
    const place = path.replace(/:(\w+)/g, '{$1}');
    paths[place] = {
      ...paths[place],
      [method.toLowerCase()]: {
        operationId: operation.id,
        summary: operation.summary,
        parameters: parametersOf(path, operation),
        ...bodyOf(operation),
        responses: answersOf(operation),
      },
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Comfy API v2',
      version: '2.0.0',
      description: 'Runs ComfyUI workflows on the GPUs of the class, for programs.',
    },
    security: [{ bearerAuth: [] }, { apiKey: [] }],
    paths,
    components: {
      securitySchemes: {
        bearerAuth: { type: 'http', scheme: 'bearer', description: 'A personal token, from Account.' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'The same token.' },
      },
      schemas: componentSchemas(),
    },
  };
}
