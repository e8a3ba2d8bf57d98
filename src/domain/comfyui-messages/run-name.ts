/** ComfyUI's API has no place for a workflow's name. */
export const RUN_NAME_HEADER = 'comfyume-name';

/** As `title` of `jobs.submit`. */
const MAX_LENGTH = 200;

/** Of half a character nothing can be encoded. */
export const headerOfName = (name: string): string =>
  encodeURIComponent(
    name
      .replace(/\p{Surrogate}/gu, '')
      .trim()
      .slice(0, MAX_LENGTH)
      .replace(/\p{Surrogate}/gu, ''),
  );

export function nameOfHeader(header: string | readonly string[] | undefined): string | undefined {
  if (typeof header !== 'string') return undefined;
  try {
    return decodeURIComponent(header).slice(0, MAX_LENGTH) || undefined;
  } catch {
    return undefined;
  }
}
