type Version = readonly [major: number, minor: number, patch: number];

/** `POST /interrupt` reads a prompt's id since ComfyUI 0.3.57. Before that it stops whatever runs, whoever's it is. */
const READS_INTERRUPT_ID: Version = [0, 3, 57];

function parse(version: string): Version | null {
  const [, ...parts] = /^v?(\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?(?![\d.])/.exec(version.trim()) ?? [];
  const [major, minor, patch = '0'] = parts;
  return major === undefined || minor === undefined ? null : [Number(major), Number(minor), Number(patch)];
}

function isAtLeast(version: string, least: Version): boolean {
  const parsed = parse(version);
  if (!parsed) return false;
  const differs = parsed.findIndex((part, index) => part !== least[index]);
  return differs < 0 || parsed[differs]! > least[differs]!;
}

/** May this worker be told to interrupt one prompt? Not as long as its version is unknown. */
export const readsInterruptId = (version: string | null): boolean =>
  version !== null && isAtLeast(version, READS_INTERRUPT_ID);

/** What the owner of a job that was cancelled is told; `version`: of the worker that runs it, as far as it runs and that is known. */
export const cancelledSentence = (version: string | null): string =>
  version === null || readsInterruptId(version)
    ? 'Cancelled.'
    : 'Cancelled. This GPU’s ComfyUI is too old to stop a running job: it finishes unseen.';
