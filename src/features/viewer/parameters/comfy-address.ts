/** A tab of this person's ComfyUI that opens the workflow of a result; `pattern` has `{user}` where the name stands. */
export function comfyAddress(pattern: string, user: string, resultId: string, page: string): string {
  const url = new URL(pattern.replaceAll('{user}', encodeURIComponent(user)), page);
  url.searchParams.set('comfyume-result', resultId);
  return url.href;
}
