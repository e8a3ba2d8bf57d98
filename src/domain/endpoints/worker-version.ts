/** Is this worker known to be of that version of ComfyUI, or newer? */
export function isSince(version: string | null, since: string): boolean {
  const parts = /^v?(\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?(?![\d.])/.exec(version?.trim() ?? '');
  if (!parts) return false;
  const wanted = since.split('.').map(Number);
  for (const [index, least] of wanted.entries()) {
    const part = Number(parts[index + 1] ?? 0);
    if (part !== least) return part > least;
  }
  return true;
}

/**
 * May this worker be told to interrupt one prompt? `POST /interrupt` reads a prompt's id since ComfyUI 0.3.57; before that it stops whatever runs, whoever's
 * it is. Not as long as its version is unknown.
 */
export const readsInterruptId = (version: string | null): boolean => isSince(version, '0.3.57');

/** What the owner of a job that was cancelled is told; `version`: of the worker that runs it, as far as it runs and that is known. */
export const cancelledSentence = (version: string | null): string =>
  version === null || readsInterruptId(version)
    ? 'Cancelled.'
    : 'Cancelled. This GPU’s ComfyUI is too old to stop a running job: it keeps running in the background.';
