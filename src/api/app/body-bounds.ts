import { z } from 'zod';
import { REQUEST } from '#src/domain/request-bounds.ts';
import { appRouter } from './router.ts';

const definition = z.object({ meta: z.object({ maxBytes: z.number() }) });

function maxBytesOf(path: string, procedure: unknown): number {
  if (typeof procedure !== 'function' || !('_def' in procedure)) throw new Error(`${path} is no procedure.`);
  return definition.parse(procedure._def).meta.maxBytes;
}

const MAX_BYTES: ReadonlyMap<string, number> = new Map(
  Object.entries(appRouter._def.procedures).map(([path, procedure]) => [path, maxBytesOf(path, procedure)]),
);

/** How large the body of a call of these procedures may be. */
export const bodyBound = (paths: readonly string[]): number =>
  Math.max(REQUEST.publicBytes, ...paths.map((path) => MAX_BYTES.get(path) ?? 0));
