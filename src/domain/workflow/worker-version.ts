/** Is this worker known to be of that version of ComfyUI, or newer? */
export function isSince(version: string | null, since: string): boolean {
  const parts = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(version ?? '');
  if (!parts) return false;
  const wanted = since.split('.').map(Number);
  for (const [index, least] of wanted.entries()) {
    const part = Number(parts[index + 1] ?? 0);
    if (part !== least) return part > least;
  }
  return true;
}
