/** What `/view` is asked to make of a picture; null = nothing: the file as it is. */
type Conversion = {
  readonly format: 'png' | 'webp' | 'jpeg';
  readonly quality: number;
  readonly channel: 'rgb' | 'a' | 'rgba';
};

const QUALITY = 90;

/** `preview=webp;90`, `channel=rgb`: as ComfyUI reads them. */
export function conversionAsked(preview: string | null, asked: string | null): Conversion | null {
  const channel = asked === 'rgb' || asked === 'a' ? asked : 'rgba';
  if (preview === null) return channel === 'rgba' ? null : { format: 'png', quality: QUALITY, channel };
  const [format, ...rest] = preview.split(';');
  const quality = Number(/^\d{1,3}$/.exec(rest.at(-1) ?? '')?.[0] ?? QUALITY);
  return {
    // Transparency is nothing that a JPEG has.
    format: format === 'jpeg' && !asked?.includes('a') ? 'jpeg' : 'webp',
    quality: Math.min(100, Math.max(1, quality)),
    channel: channel === 'a' ? 'rgba' : channel,
  };
}

/** Whether a browser may show a file of this type in its place: nothing that can hold a script. */
export const isShown = (mime: string): boolean =>
  /^(?:image\/(?!svg)|video\/|audio\/|model\/|text\/plain\b|application\/json\b)/.test(mime);
