/** What a tab of ComfyUI is to open: the workflow of a result, or of the class. */
export type ToOpen = { readonly result: string } | { readonly workflow: string };

/** A tab of this person's ComfyUI that opens it; `pattern` has `{user}` where the name stands. */
export function comfyAddress(pattern: string, user: string, what: ToOpen, page: string): string {
  const url = new URL(pattern.replaceAll('{user}', encodeURIComponent(user)), page);
  if ('result' in what) url.searchParams.set('comfyume-result', what.result);
  else url.searchParams.set('comfyume-workflow', what.workflow);
  return url.href;
}
