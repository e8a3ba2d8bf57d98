import { useQuery } from '@tanstack/react-query';
import type { ResultView } from '#src/api/views.ts';
import { isText } from '#src/domain/files/text-files.ts';

/** More than anybody reads on a screen. */
const MAX_BYTES = 100_000;

export const isReadable = ({ mime, bytes }: Pick<ResultView, 'mime' | 'bytes'>): boolean =>
  isText(mime) && bytes <= MAX_BYTES;

/** The content of a text file; null while loading, `undefined` if it failed. */
export function useFileText({ id, url, sha256 }: Pick<ResultView, 'id' | 'url' | 'sha256'>): string | null | undefined {
  const read = useQuery({
    queryKey: ['file-text', id, sha256],
    queryFn: async () => {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`The server responded with ${response.status}.`);
      return response.text();
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  return read.isError ? undefined : (read.data ?? null);
}
