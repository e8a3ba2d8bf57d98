type Kind = { readonly mime: string; readonly codecs: string | null };

/** Browsers play the same codecs in both containers, but report it only for the other. */
const LIKE: Readonly<Record<string, readonly string[]>> = {
  'video/quicktime': ['video/mp4'],
  'video/x-matroska': ['video/webm', 'video/mp4'],
};

/**
 * Whether a browser can play a film or sound, as far as can be known before it is tried. `canPlayType` is the browser's; without codecs it is worth
 * trying, unless the browser knows nothing of the container either.
 */
export function isPlayable({ mime, codecs }: Kind, canPlayType: (type: string) => string): boolean {
  const types = [mime, ...(LIKE[mime] ?? [])];
  return types.some((type) => canPlayType(codecs ? `${type}; codecs="${codecs}"` : type) !== '');
}
