import { z } from 'zod';
import { AppError } from '#src/domain/errors.ts';
import { systemCode } from '../file-errors.ts';

/** How the storage answers "no": a name of its own and a status; without a status nobody answered. */
const answered = z.object({
  name: z.string(),
  $metadata: z.object({ httpStatusCode: z.number().optional() }),
});

type Where = { readonly bucket: string; readonly host: string };

const statusOf = (error: unknown): number | null => answered.safeParse(error).data?.$metadata.httpStatusCode ?? null;

/** There is no such object; of a HEAD, perhaps no such bucket either. */
export const isNoObject = (error: unknown): boolean =>
  statusOf(error) === 404 && answered.safeParse(error).data?.name !== 'NoSuchBucket';

/** What keeps files from being stored, and what to do about it. */
export function bucketError(error: unknown, { bucket, host }: Where): AppError {
  if (error instanceof AppError) return error;
  const { data: answer } = answered.safeParse(error);
  const status = statusOf(error);
  // The error itself holds the whole connection, which would be logged.
  const cause = new Error(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  const unavailable = (sentence: string) => new AppError('storage_unavailable', sentence, { cause });
  if (status === null) {
    const code = systemCode(error) ?? (error instanceof Error ? error.name : 'unknown error');
    return unavailable(
      `The object storage at ${host} does not respond (${code}). Check S3_ENDPOINT, S3_REGION and the network.`,
    );
  }
  if (status === 401 || status === 403)
    return unavailable(
      `The object storage at ${host} refuses access to the bucket "${bucket}" (${answer?.name ?? status}). Check S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY, and that this key may list, read, write and delete there.`,
    );
  if (status === 404)
    return unavailable(`There is no bucket "${bucket}" at ${host}. Check S3_BUCKET, S3_REGION and S3_PATH_STYLE.`);
  if (status === 301 || status === 307 || answer?.name === 'AuthorizationHeaderMalformed')
    return unavailable(`The bucket "${bucket}" is in another region. Check S3_REGION.`);
  return unavailable(
    `The object storage at ${host} answers with an error (${answer?.name ?? status}). Try again later.`,
  );
}
