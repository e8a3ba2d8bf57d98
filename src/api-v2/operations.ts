import type { z } from 'zod';
import type { RouteTable } from '#src/domain/routing.ts';
import type { ApiErrorCode } from './errors.ts';

type Answer = { readonly description: string; readonly content?: z.ZodType | string };

/** What the document says of a route. `body` and `content`: JSON of this schema, or another media type. */
export type ApiOperation = {
  readonly id: string;
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType | { readonly mediaType: string; readonly schema: z.ZodType };
  readonly takesIdempotencyKey?: true;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Besides those that every route has. */
  readonly errors?: readonly ApiErrorCode[];
};

export type ApiOperations = RouteTable<ApiOperation>;
