import { ALL_FORMATS, BlobSource, Input } from 'mediabunny';
import { tagText } from '#src/domain/formats/embedded/tag-text.ts';

const MAX_MS = 15_000;

/** The texts among the tags of a film or a sound; none of what the library cannot read. A reader that takes too long is disposed of, and fails at once. */
export async function tagsOf(file: Blob): Promise<(key: string) => string | null> {
  const input = new Input({ formats: ALL_FORMATS, source: new BlobSource(file) });
  const limit = setTimeout(() => input.dispose(), MAX_MS);
  try {
    const { raw = {} } = await input.getMetadataTags();
    return (key) => tagText(raw, key);
  } catch {
    return () => null;
  } finally {
    clearTimeout(limit);
    input.dispose();
  }
}
