/** What a tab of ComfyUI is to open: the workflow of a result, or of the class. */
export type ToOpen = { readonly result: string } | { readonly workflow: string };

/** A tab of the ComfyUI at this address that opens it. */
export function comfyAddress(comfyui: string, what: ToOpen, page: string): string {
  const url = new URL(comfyui, page);
  if ('result' in what) url.searchParams.set('comfyume-result', what.result);
  else url.searchParams.set('comfyume-workflow', what.workflow);
  return url.href;
}
