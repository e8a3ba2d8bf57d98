const MAX = 120;

/** A name that every system takes: no folders, no control characters, nothing that a system keeps for itself at either end. */
export function downloadName(words: readonly (string | null)[], extension: string): string {
  const name = words
    .filter((word) => word !== null && word !== '')
    .join(' ')
    .replace(/[\p{Cc}\p{Cf}<>:"/\\|?*]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+/, '');
  const short = [...name]
    .slice(0, MAX)
    .join('')
    .replace(/[. ]+$/, '');
  return `${short === '' ? 'workflow' : short}.${extension}`;
}
