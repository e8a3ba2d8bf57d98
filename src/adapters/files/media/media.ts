import type { Input } from 'mediabunny';

const MAX_MS = 15_000;

/** Opens a film or a sound, and gives up on one that takes too long: a reader that is disposed of fails at once. */
export async function withMedia<T>(file: string, read: (input: Input) => Promise<T>): Promise<T> {
  const { ALL_FORMATS, FilePathSource, Input } = await import('mediabunny');
  // Reading ahead may fail when nobody waits for it; the read that needs those bytes then fails by itself.
  const source = new FilePathSource(file, { handleUnhandledError: () => {} });
  const input = new Input({ formats: ALL_FORMATS, source });
  const limit = setTimeout(() => input.dispose(), MAX_MS);
  try {
    return await read(input);
  } finally {
    clearTimeout(limit);
    input.dispose();
  }
}

export const measureMedia = (
  file: string,
): Promise<{ width: number | null; height: number | null; duration: number | null; codecs: string | null }> =>
  withMedia(file, async (input) => {
    const video = await input.getPrimaryVideoTrack();
    const width = video ? await video.getDisplayWidth() : null;
    const height = video ? await video.getDisplayHeight() : null;
    // What the header says is cheap, and for FLAC more exact than the last packet.
    const duration = (await input.getDurationFromMetadata()) ?? (await input.computeDuration());
    const audio = await input.getPrimaryAudioTrack();
    const named = await Promise.all([video?.getCodecParameterString(), audio?.getCodecParameterString()]);
    return { width, height, duration, codecs: named.filter((codec) => codec).join(', ') || null };
  });
